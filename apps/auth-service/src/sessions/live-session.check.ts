import { UnauthenticatedError, type AccessTokenClaims } from '@gatehouse/access-control';
import type { Principal } from '@gatehouse/auth-contracts';
import type { SessionManager } from './session.manager.js';

/**
 * After signature and claims: the session of a user's token must live, and be of the same epoch. auth-service asks its own
 * store on each request; the token of a session that has ended is refused here at once.
 *
 * @throws UnauthenticatedError
 */
export const liveSessionCheck =
  (sessions: SessionManager) =>
  async (principal: Principal, claims: AccessTokenClaims): Promise<void> => {
    if (principal.sessionId === undefined) return;
    const session = await sessions.getSession(principal.id, principal.sessionId);
    if (session === undefined || session.epoch !== claims.epoch) {
      throw new UnauthenticatedError({ reason: 'the session has ended' });
    }
    await sessions.updateSessionActivity(session, Date.now());
  };
