import { Injectable } from '@nestjs/common';
import { SecurityAudit } from '@gatehouse/audit-client';
import type { ChangePasswordBody, Principal } from '@gatehouse/auth-contracts';
import type { RequestContext } from '@gatehouse/service-bootstrap';
import { type Account, AccountManager } from '../accounts/account.manager.js';
import { LoginLimiter } from '../rate-limits/login.limiter.js';
import { WrongPasswordError } from './account-passwords.errors.js';

/**
 * Lets a password be changed by who knows the current one. Whoever took over a session gets as many guesses at it as a
 * device at a login; they are counted for the session alone, so the owner is not shut out.
 */
@Injectable()
export class PasswordChangeGate {
  constructor(
    private readonly accounts: AccountManager,
    private readonly limiter: LoginLimiter,
    private readonly audit: SecurityAudit,
  ) {}

  /** @throws WrongPasswordError, TooManyRequestsError (the current password is not looked at), ValidationFailedError (the new one) */
  async admit(
    { id, sessionId = '' }: Principal,
    { currentPassword, newPassword }: ChangePasswordBody,
    request: RequestContext,
  ): Promise<{ account: Account; passwordHash: string }> {
    const budget = this.limiter.deviceBudget(id, sessionId);
    await budget.take();
    const account = await this.accounts.confirmPassword(id, currentPassword).catch(async (error: unknown) => {
      await budget.giveBack().catch(() => {});
      throw error;
    });
    if (account === undefined) {
      await this.audit.logAuthEvent({
        ...{ action: 'auth.password-changed', outcome: 'failure', reason: 'wrong-password' },
        ...{ actor: { type: 'user', id }, target: { type: 'user', id }, context: { ...request, sessionId } },
      });
      throw new WrongPasswordError();
    }
    await budget.succeed();
    const passwordHash = await this.accounts.hashNewPassword(newPassword, account.email, 'newPassword');
    return { account, passwordHash };
  }
}
