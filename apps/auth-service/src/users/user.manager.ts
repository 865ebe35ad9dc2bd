import { Injectable } from '@nestjs/common';
import { SecurityAudit } from '@gatehouse/audit-client';
import type {
  CreatedUserAnswer,
  CreateUserBody,
  PasswordResetAnswer,
  Principal,
  UpdateUserBody,
  UserAnswer,
} from '@gatehouse/auth-contracts';
import type { RequestContext } from '@gatehouse/service-bootstrap';
import { PasswordResetIssuer } from '../account-passwords/password-reset.issuer.js';
import { AccountManager } from '../accounts/account.manager.js';
import { RevocationManager } from '../revocations/revocation.manager.js';
import { toUser } from './user-answer.js';
import { userChange } from './user-change.js';
import { UserEditor } from './user.editor.js';
import { LastAdminError } from './users.errors.js';

/** Administers the accounts of others. What changes what a user may do takes effect at once: its tokens and sessions end. */
@Injectable()
export class UserManager {
  constructor(
    private readonly revocations: RevocationManager,
    private readonly accounts: AccountManager,
    private readonly editor: UserEditor,
    private readonly resets: PasswordResetIssuer,
    private readonly audit: SecurityAudit,
  ) {}

  /** Nobody knows its password: the user sets one by the token. @throws UnknownRoleError, EmailTakenError, InsufficientPermissionError */
  async create(body: CreateUserBody, by: Principal, request: RequestContext): Promise<CreatedUserAnswer> {
    const account = await this.accounts.prepareAccount(body);
    const said = saidOf(account.id, by, request);
    return this.revocations.transaction(async (manager) => {
      await this.editor.requireToGive(manager, by, account.role);
      await this.accounts.store(manager, account);
      await this.audit.enlist(manager).logAdminEvent({
        ...{ action: 'auth.user-created', outcome: 'success', details: { role: account.role } },
        ...said,
      });
      const passwordReset = await this.resets.issue(manager, account.id, said);
      return { ...toUser(account), passwordReset };
    });
  }

  /** @throws NotFoundError, LastAdminError, UnknownRoleError, InsufficientPermissionError */
  async update(
    id: string,
    body: UpdateUserBody,
    by: Principal,
    request: RequestContext,
  ): Promise<UserAnswer> {
    return this.revocations.transaction(async (manager, revoke) => {
      const { account, isLastAdmin } = await this.editor.lockWithAdmins(manager, id, by);
      if (body.role !== undefined) await this.editor.requireToGive(manager, by, body.role);
      const { fields, events, endsSessions, removesAdmin } = userChange(account, body);
      if (removesAdmin && isLastAdmin) throw new LastAdminError();
      if (events.length > 0) await this.editor.update(manager, id, fields);
      for (const event of events) {
        await this.audit
          .enlist(manager)
          .logAdminEvent({ ...event, outcome: 'success', ...saidOf(id, by, request) });
      }
      if (endsSessions)
        await revoke({ kind: 'account', id, epoch: await this.accounts.raiseEpoch(manager, id) });
      return toUser({ ...account, ...fields });
    });
  }

  /** Its sessions end; what it did stays in the audit trail. @throws as `update` */
  async remove(id: string, by: Principal, request: RequestContext): Promise<void> {
    await this.revocations.transaction(async (manager, revoke) => {
      const { account, isLastAdmin } = await this.editor.lockWithAdmins(manager, id, by);
      if (isLastAdmin) throw new LastAdminError();
      const epoch = await this.accounts.raiseEpoch(manager, id);
      await this.editor.remove(manager, id);
      await this.audit.enlist(manager).logAdminEvent({
        ...{ action: 'auth.user-deleted', outcome: 'success', details: { role: account.role } },
        ...saidOf(id, by, request),
      });
      await revoke({ kind: 'account', id, epoch });
    });
  }

  /** A token by which the user sets a new password; nobody chooses it for them. @throws NotFoundError, InsufficientPermissionError */
  async requestPasswordReset(
    id: string,
    by: Principal,
    request: RequestContext,
  ): Promise<PasswordResetAnswer> {
    return this.revocations.transaction(async (manager) => {
      await this.editor.lock(manager, id, by);
      return this.resets.issue(manager, id, saidOf(id, by, request));
    });
  }
}

const saidOf = (id: string, by: Principal, request: RequestContext) => ({
  actor: { type: by.type, id: by.id },
  target: { type: 'user', id },
  context: { ...request, sessionId: by.sessionId },
});
