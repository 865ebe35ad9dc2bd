import { Injectable } from '@nestjs/common';
import type { Principal } from '@gatehouse/auth-contracts';
import type { EntityManager } from 'typeorm';
import { AccountEditor } from '../accounts/account.editor.js';
import { RoleCoverage } from '../roles/role.coverage.js';

type Account = Awaited<ReturnType<AccountEditor['lock']>>;

/** Changes accounts of others inside a transaction, where who does it may do all that they may. */
@Injectable()
export class UserEditor {
  constructor(
    private readonly accounts: AccountEditor,
    private readonly coverage: RoleCoverage,
  ) {}

  /** As `AccountEditor.lock`. @throws NotFoundError, InsufficientPermissionError, InsufficientRoleError */
  async lock(manager: EntityManager, id: string, by: Principal): Promise<Account> {
    const account = await this.accounts.lock(manager, id);
    await this.coverage.requireToChange(manager, by, account.role);
    return account;
  }

  /** As `AccountEditor.lockWithAdmins`. @throws as `lock` */
  async lockWithAdmins(
    manager: EntityManager,
    id: string,
    by: Principal,
  ): Promise<{ account: Account; isLastAdmin: boolean }> {
    const locked = await this.accounts.lockWithAdmins(manager, id);
    await this.coverage.requireToChange(manager, by, locked.account.role);
    return locked;
  }

  /** That `by` may give the role; it is not deleted until the transaction ends. @throws as `RoleCoverage.requireToGive` */
  async requireToGive(manager: EntityManager, by: Principal, role: string): Promise<void> {
    await this.coverage.requireToGive(manager, by, role);
  }

  async update(...[manager, id, changes]: Parameters<AccountEditor['update']>): Promise<void> {
    await this.accounts.update(manager, id, changes);
  }

  async remove(manager: EntityManager, id: string): Promise<void> {
    await this.accounts.remove(manager, id);
  }
}
