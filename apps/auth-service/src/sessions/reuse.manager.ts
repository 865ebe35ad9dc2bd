import { Injectable } from '@nestjs/common';
import { SecurityAudit } from '@gatehouse/audit-client';
import type { RequestContext } from '@gatehouse/service-bootstrap';
import { AccountManager } from '../accounts/account.manager.js';
import { RevocationManager } from '../revocations/revocation.manager.js';
import { refreshEvent } from './refresh-event.js';
import type { Session } from './session.js';
import { SessionManager } from './session.manager.js';

/** Answers the reuse of a refresh token: somebody else has a token of the session, so none of it is accepted any more. */
@Injectable()
export class ReuseManager {
  constructor(
    private readonly revocations: RevocationManager,
    private readonly accounts: AccountManager,
    private readonly sessions: SessionManager,
    private readonly audit: SecurityAudit,
  ) {}

  /**
   * Ends the session, and the device tokens of its account: whoever took one may have taken the other.
   *
   * @returns false when it had ended before: of several that show a reused token one ends the session
   */
  async endReused(session: Session, request: RequestContext): Promise<boolean> {
    const { id: sessionId, userId } = session;
    const isFirst = await this.revocations.transaction(async (manager, revoke) => {
      const account = await this.accounts.findToChange(manager, userId);
      const hasEnded =
        account === undefined || (await this.revocations.hasEnded(manager, session, account.epoch));
      const event = refreshEvent(hasEnded ? 'gone' : 'reused', { userId, sessionId }, request);
      await this.audit.enlist(manager).logAuthEvent(event);
      if (hasEnded) return false;
      await this.accounts.endDeviceTokens(manager, userId);
      await revoke({ kind: 'session', id: sessionId, accountId: userId });
      return true;
    });
    // Redis may have it again from before it ended.
    if (!isFirst) await this.sessions.discardSession(userId, sessionId);
    return isFirst;
  }
}
