import { type RevocationFeed, UnauthenticatedError, type AccessTokenClaims } from '@gatehouse/access-control';
import type { Principal } from '@gatehouse/auth-contracts';
import { DependencyUnavailableError } from '@gatehouse/problem-details';
import type { SessionManager } from './session.manager.js';

/**
 * After signature and claims: the token must not be revoked, and the session of a user's token must live. auth-service asks
 * its own store on each request; the token of a session that has ended is refused here at once.
 *
 * @throws UnauthenticatedError
 * @throws DependencyUnavailableError while the revocations have never been loaded
 */
export const liveSessionCheck =
  (sessions: SessionManager, revoked: RevocationFeed) =>
  async (principal: Principal, claims: AccessTokenClaims): Promise<void> => {
    // Not known yet: nothing may be accepted.
    if (revoked.ageMs() === Number.POSITIVE_INFINITY) throw new DependencyUnavailableError('The revocations');
    if (revoked.isRevoked(claims)) throw new UnauthenticatedError({ reason: 'the token was revoked' });
    if (principal.sessionId === undefined) return;
    const session = await sessions.getSession(principal.id, principal.sessionId);
    if (session === undefined) throw new UnauthenticatedError({ reason: 'the session has ended' });
    // Nobody waits for it, and without Redis it is not worth more than another time.
    sessions.updateSessionActivity(session, revoked.now()).catch(() => {});
  };
