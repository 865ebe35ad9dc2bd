import { Injectable } from '@nestjs/common';
import { UnauthenticatedError } from '@gatehouse/access-control';
import { SecurityAudit } from '@gatehouse/audit-client';
import type { ChangePasswordBody, Principal } from '@gatehouse/auth-contracts';
import type { RequestContext } from '@gatehouse/service-bootstrap';
import type { Account } from '../accounts/account.manager.js';
import { RevocationManager } from '../revocations/revocation.manager.js';
import type { Session } from '../sessions/session.js';
import { SessionManager } from '../sessions/session.manager.js';
import { WrongPasswordError } from './account-passwords.errors.js';
import { PasswordChangeGate } from './password-change.gate.js';
import { PasswordRepository } from './password.repository.js';

/** Changes a password by the current one. Every other session of the account ends with it. */
@Injectable()
export class PasswordChangeManager {
  constructor(
    private readonly revocations: RevocationManager,
    private readonly gate: PasswordChangeGate,
    private readonly passwords: PasswordRepository,
    private readonly sessions: SessionManager,
    private readonly audit: SecurityAudit,
  ) {}

  /** @throws what the gate throws; UnauthenticatedError when the session has ended meanwhile */
  async change(user: Principal, body: ChangePasswordBody, request: RequestContext): Promise<void> {
    const session = await this.sessions.getSession(user.id, user.sessionId ?? '');
    if (session === undefined) throw new UnauthenticatedError({ reason: 'the session has ended' });
    const { account, passwordHash } = await this.gate.admit(user, body, request);
    await this.store(account, session, passwordHash, this.said(user, request));
  }

  private async store(
    seen: Account,
    session: Session,
    passwordHash: string,
    said: ReturnType<PasswordChangeManager['said']>,
  ): Promise<void> {
    await this.revocations.transaction(async (manager, revoke) => {
      const set = await this.passwords.change(manager, seen, passwordHash);
      if (set === undefined) throw new WrongPasswordError();
      // A session that was ended while the hashes were made must not be the one that goes on.
      if (await this.revocations.hasEnded(manager, session, set.epoch - 1))
        throw new UnauthenticatedError({ reason: 'the session has ended' });
      await this.audit
        .enlist(manager)
        .logAuthEvent({ action: 'auth.password-changed', outcome: 'success', ...said });
      await revoke({ kind: 'account', ...set, exceptSession: session.id });
    });
  }

  private said({ id, sessionId }: Principal, request: RequestContext) {
    return {
      actor: { type: 'user', id } as const,
      target: { type: 'user', id },
      context: { ...request, sessionId },
    };
  }
}
