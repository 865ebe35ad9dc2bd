import { Injectable } from '@nestjs/common';
import { SecurityAudit } from '@gatehouse/audit-client';
import type { ResetPasswordBody } from '@gatehouse/auth-contracts';
import type { RequestContext } from '@gatehouse/service-bootstrap';
import { AccountManager } from '../accounts/account.manager.js';
import { RevocationManager } from '../revocations/revocation.manager.js';
import { InvalidResetTokenError } from './account-passwords.errors.js';
import { PasswordRepository } from './password.repository.js';
import { hashOfReset } from './reset-hash.js';

/** Sets passwords by reset tokens. Every session of the account ends with it. */
@Injectable()
export class PasswordResetManager {
  constructor(
    private readonly revocations: RevocationManager,
    private readonly accounts: AccountManager,
    private readonly passwords: PasswordRepository,
    private readonly audit: SecurityAudit,
  ) {}

  /** @throws InvalidResetTokenError, ValidationFailedError (the new password; the token stays good) */
  async redeem({ token, newPassword }: ResetPasswordBody, request: RequestContext): Promise<void> {
    const hash = hashOfReset(token);
    // Before a password is hashed: a token that is none costs no more than a look.
    const account = await this.passwords.findReset(hash);
    if (account === undefined) return this.refuse(request);
    const passwordHash = await this.accounts.hashNewPassword(newPassword, account.email, 'newPassword');
    const redeemed = await this.revocations.transaction(async (manager, revoke) => {
      const set = await this.passwords.redeemReset(manager, hash, passwordHash);
      if (set === undefined) return false;
      await this.audit.enlist(manager).logAuthEvent({
        action: 'auth.password-reset',
        outcome: 'success',
        actor: { type: 'user', id: set.id },
        target: { type: 'user', id: set.id },
        context: request,
      });
      await revoke({ kind: 'account', ...set });
      return true;
    });
    if (!redeemed) await this.refuse(request);
  }

  private async refuse(request: RequestContext): Promise<never> {
    await this.audit.logAuthEvent({
      action: 'auth.password-reset',
      outcome: 'failure',
      reason: 'invalid-reset-token',
      actor: { type: 'anonymous' },
      context: request,
    });
    throw new InvalidResetTokenError();
  }
}
