import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Account } from './account.entity.js';
import { AccountRepository } from './account.repository.js';

/** Changes accounts inside a transaction: first one of the locks, then what is decided on what was locked. */
@Injectable()
export class AccountEditor {
  constructor(private readonly accounts: AccountRepository) {}

  /** The account; it neither changes nor signs in until the transaction ends. */
  async lock(manager: EntityManager, id: string): Promise<Account | undefined> {
    return (await this.accounts.lock(manager, id)) ?? undefined;
  }

  /** Sets the password and raises the epoch. @returns the new epoch */
  async setPassword(manager: EntityManager, account: Account, passwordHash: string): Promise<number> {
    await this.accounts.update(manager, account.id, { passwordHash });
    return this.raiseEpoch(manager, account);
  }

  private async raiseEpoch(manager: EntityManager, { id, epoch }: Account): Promise<number> {
    return (await this.accounts.raiseEpoch(manager, id)) ?? epoch + 1;
  }
}
