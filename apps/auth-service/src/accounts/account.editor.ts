import { Injectable } from '@nestjs/common';
import { NotFoundError } from '@gatehouse/problem-details';
import type { EntityManager } from 'typeorm';
import type { Account } from './account.entity.js';
import { AccountRepository } from './account.repository.js';

/** Changes accounts inside a transaction: first one of the locks, then what is decided on what was locked. */
@Injectable()
export class AccountEditor {
  constructor(private readonly accounts: AccountRepository) {}

  /**
   * The account; it neither changes nor signs in until the transaction ends.
   *
   * @throws NotFoundError
   */
  async lock(manager: EntityManager, id: string): Promise<Account> {
    const account = await this.accounts.lock(manager, id);
    if (account === null) throw new NotFoundError();
    return account;
  }

  async lockByEmail(manager: EntityManager, email: string): Promise<Account> {
    const account = await this.accounts.findByEmail(email);
    if (account === null) throw new NotFoundError();
    return this.lock(manager, account.id);
  }

  /**
   * The account and whether it is the last admin that may sign in; neither it nor any admin changes until the transaction
   * ends.
   *
   * @throws NotFoundError
   */
  async lockWithAdmins(
    manager: EntityManager,
    id: string,
  ): Promise<{ account: Account; isLastAdmin: boolean }> {
    const locked = await this.accounts.lockWithAdmins(manager, id);
    const account = locked.find((one) => one.id === id);
    if (account === undefined) throw new NotFoundError();
    const admins = locked.filter(({ role, status }) => role === 'admin' && status === 'active');
    return { account, isLastAdmin: admins.length === 1 && admins[0] === account };
  }

  async update(
    manager: EntityManager,
    id: string,
    changes: Partial<Pick<Account, 'displayName' | 'role' | 'status'>>,
  ): Promise<void> {
    await this.accounts.update(manager, id, changes);
  }

  async remove(manager: EntityManager, id: string): Promise<void> {
    await this.accounts.remove(manager, id);
  }
}
