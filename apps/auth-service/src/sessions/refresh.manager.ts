import { Injectable } from '@nestjs/common';
import { SecurityAudit } from '@gatehouse/audit-client';
import type { TokenPair } from '@gatehouse/auth-contracts';
import { ConnectionPool } from '@gatehouse/database';
import type { RequestContext } from '@gatehouse/service-bootstrap';
import { RevocationManager } from '../revocations/revocation.manager.js';
import { TokenManager } from '../tokens/token.manager.js';
import { InvalidRefreshTokenError, RefreshTokenReusedError } from '../tokens/tokens.errors.js';
import { deviceFingerprint } from './device-fingerprint.js';
import { refreshEvent } from './refresh-event.js';
import { ReuseManager } from './reuse.manager.js';

/**
 * Stays signed in: a refresh token for its successor and a new access token. Redis decides; then one statement asks
 * PostgreSQL whether session or account has ended and, where neither has, writes the audit event. Only what that statement
 * has committed is given out.
 *
 * What ends a session either commits before that statement, which finds it, or after the decision. In that case the new
 * tokens are of a session or an epoch that is revoked and, dated by the decision, expire before the revocation does; the new
 * refresh token is asked about at its own use. So nothing has to keep the account as it is meanwhile.
 */
@Injectable()
export class RefreshManager {
  constructor(
    private readonly revocations: RevocationManager,
    private readonly tokens: TokenManager,
    private readonly reuse: ReuseManager,
    private readonly audit: SecurityAudit,
    private readonly connections: ConnectionPool,
  ) {}

  /** @throws InvalidRefreshTokenError, RefreshTokenReusedError */
  async refresh(refreshToken: string, request: RequestContext): Promise<TokenPair> {
    // Before a connection is taken: a token that is none of ours costs PostgreSQL nothing.
    const shown = this.tokens.readRefreshToken(refreshToken);
    const device = deviceFingerprint(request.userAgent);
    const of = { userId: shown.sub, sessionId: shown.sid };
    // Without PostgreSQL Redis is not asked: what it decides could not be acknowledged.
    const outcome = await this.connections.use(async (connection) => {
      const audit = this.audit.enlist(connection);
      const refreshed = await this.tokens.refreshAccessToken(shown, device, (session, decision) =>
        audit.logAuthEventUnless(this.revocations.ended(session), refreshEvent(decision, of, request)),
      );
      if (refreshed.decision === 'gone') await audit.logAuthEvent(refreshEvent('gone', of, request));
      return refreshed;
    });
    if ('tokens' in outcome) return outcome.tokens;
    if ('session' in outcome && (await this.reuse.endReused(outcome.session, request)))
      throw new RefreshTokenReusedError();
    throw new InvalidRefreshTokenError('its session has ended');
  }
}
