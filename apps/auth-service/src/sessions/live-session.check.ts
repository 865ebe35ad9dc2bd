import { type RevocationFeed, UnauthenticatedError } from '@gatehouse/access-control';
import type { Principal } from '@gatehouse/auth-contracts';
import type { SessionManager } from './session.manager.js';

/**
 * After signature, claims and revocation: the session of a user's token must live. auth-service asks its own store on each
 * request; the token of a session that has ended is refused here at once.
 *
 * @throws UnauthenticatedError
 */
export const liveSessionCheck =
  (sessions: SessionManager, revocations: RevocationFeed) =>
  async (principal: Principal): Promise<void> => {
    if (principal.sessionId === undefined) return;
    const session = await sessions.getSession(principal.id, principal.sessionId);
    if (session === undefined) throw new UnauthenticatedError({ reason: 'the session has ended' });
    // Nobody waits for it, and without Redis it is not worth more than another time.
    sessions.updateSessionActivity(session, revocations.now()).catch(() => {});
  };
