import { Injectable } from '@nestjs/common';
import { SecurityAudit } from '@gatehouse/audit-client';
import type { Principal } from '@gatehouse/auth-contracts';
import { NotFoundError } from '@gatehouse/problem-details';
import type { RequestContext } from '@gatehouse/service-bootstrap';
import { AccountManager } from '../accounts/account.manager.js';
import { SessionManager } from './session.manager.js';

/** Ends sessions on behalf of their user. Each end is in the audit trail, and refused everywhere, once it is acknowledged. */
@Injectable()
export class SignOutManager {
  constructor(
    private readonly accounts: AccountManager,
    private readonly sessions: SessionManager,
    private readonly audit: SecurityAudit,
  ) {}

  /** Ends the session of the token that the request came with. */
  async logout(user: Principal, request: RequestContext): Promise<void> {
    const { id, sessionId } = user;
    if (sessionId === undefined) return;
    await this.sessions.invalidateSession(id, sessionId, async (manager) => {
      await this.audit.enlist(manager).logAuthEvent({
        action: 'auth.logout',
        outcome: 'success',
        actor: { type: 'user', id },
        context: { ...request, sessionId },
      });
    });
  }

  /** @throws NotFoundError when the user has no such session */
  async endSession({ id, sessionId }: Principal, ended: string, request: RequestContext): Promise<void> {
    if ((await this.sessions.getSession(id, ended)) === undefined) throw new NotFoundError();
    await this.sessions.invalidateSession(id, ended, async (manager) => {
      await this.audit.enlist(manager).logAuthEvent({
        action: 'auth.session-ended',
        outcome: 'success',
        actor: { type: 'user', id },
        target: { type: 'session', id: ended },
        context: { ...request, sessionId },
      });
    });
  }

  /** @returns how many sessions there were */
  async logoutAll(
    user: Principal,
    exceptCurrent: boolean,
    request: RequestContext,
  ): Promise<{ ended: number }> {
    const { id, sessionId } = user;
    const ended = await this.sessions.invalidateAllSessions(
      id,
      (manager) => this.accounts.raiseEpoch(manager, id),
      {
        except: exceptCurrent ? sessionId : undefined,
        also: async (manager) => {
          await this.audit.enlist(manager).logAuthEvent({
            action: 'auth.logout-all',
            outcome: 'success',
            actor: { type: 'user', id },
            context: { ...request, sessionId },
          });
        },
      },
    );
    return { ended };
  }
}
