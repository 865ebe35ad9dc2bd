import { Injectable } from '@nestjs/common';
import { SecurityAudit } from '@gatehouse/audit-client';
import type { LogoutAllAnswer, Principal } from '@gatehouse/auth-contracts';
import type { RequestContext } from '@gatehouse/service-bootstrap';
import { AccountManager } from '../accounts/account.manager.js';
import { SessionManager } from '../sessions/session.manager.js';

/** Ends the sessions of others. */
@Injectable()
export class UserSessionsManager {
  constructor(
    private readonly accounts: AccountManager,
    private readonly sessions: SessionManager,
    private readonly audit: SecurityAudit,
  ) {}

  /**
   * @param request of the caller, where it came over HTTP
   * @returns how many there were
   * @throws NotFoundError
   */
  async revokeAll(id: string, by: Principal, request?: RequestContext): Promise<LogoutAllAnswer> {
    const ended = await this.sessions.invalidateAllSessions(
      id,
      (manager) => this.accounts.raiseEpoch(manager, id),
      {
        also: async (manager) => {
          await this.audit.enlist(manager).logAdminEvent({
            action: 'auth.sessions-revoked',
            outcome: 'success',
            actor: { type: by.type, id: by.id },
            target: { type: 'user', id },
            context: { ...request, sessionId: by.sessionId },
          });
        },
      },
    );
    return { ended };
  }
}
