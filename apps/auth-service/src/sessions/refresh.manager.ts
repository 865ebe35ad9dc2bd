import { Injectable } from '@nestjs/common';
import { SecurityAudit } from '@gatehouse/audit-client';
import type { TokenPair } from '@gatehouse/auth-contracts';
import type { RequestContext } from '@gatehouse/service-bootstrap';
import type { EntityManager } from 'typeorm';
import { AccountManager } from '../accounts/account.manager.js';
import type { RotationDecision } from '../refresh-rotation/refresh-rotation.js';
import { RevocationManager } from '../revocations/revocation.manager.js';
import { type RefreshOutcome, TokenManager } from '../tokens/token.manager.js';
import { InvalidRefreshTokenError, RefreshTokenReusedError } from '../tokens/tokens.errors.js';
import { deviceFingerprint } from './device-fingerprint.js';
import type { Session } from './session.js';

/**
 * Stays signed in: a refresh token for its successor and a new access token. As with a sign-in, the step on Redis and the
 * audit event stand and fall together.
 */
@Injectable()
export class RefreshManager {
  constructor(
    private readonly revocations: RevocationManager,
    private readonly accounts: AccountManager,
    private readonly tokens: TokenManager,
    private readonly audit: SecurityAudit,
  ) {}

  /** @throws InvalidRefreshTokenError, RefreshTokenReusedError */
  async refresh(refreshToken: string, request: RequestContext): Promise<TokenPair> {
    // Before a transaction is opened: a token that is none of ours costs PostgreSQL nothing.
    const shown = this.tokens.readRefreshToken(refreshToken);
    const device = deviceFingerprint(request.userAgent);
    const outcome = await this.revocations.transaction(async (manager, revoke) => {
      const refreshed = await this.tokens.refreshAccessToken(shown, device, (session, of) =>
        this.hasEnded(manager, session, of),
      );
      const { userId, sessionId, decision } = refreshed;
      await this.audit.enlist(manager).logAuthEvent({
        ...refreshEvent(refreshed),
        actor: { type: 'user', id: userId },
        context: { ...request, sessionId },
      });
      // Somebody else has a token of this session: none of it is accepted any more, anywhere. Whoever took it may have taken
      // the device token too.
      if (decision === 'reused') {
        await this.accounts.endDeviceTokens(manager, userId);
        await revoke({ kind: 'session', id: sessionId, accountId: userId });
      }
      return refreshed;
    });
    if ('tokens' in outcome) return outcome.tokens;
    if (outcome.decision === 'reused') throw new RefreshTokenReusedError();
    throw new InvalidRefreshTokenError('its session has ended');
  }

  /**
   * Whether PostgreSQL knows of an end that Redis has lost, or has not been told of yet. Of several that show a reused token
   * one ends the session; the others find that it has ended.
   */
  private async hasEnded(
    manager: EntityManager,
    session: Session,
    decision: RotationDecision,
  ): Promise<boolean> {
    const { userId } = session;
    const account = await (decision === 'reused'
      ? this.accounts.findToChange(manager, userId)
      : this.accounts.findToSignIn(manager, userId));
    return account === undefined || this.revocations.hasEnded(manager, session, account.epoch);
  }
}

function refreshEvent(outcome: RefreshOutcome) {
  switch (outcome.decision) {
    case 'rotated':
      return { action: 'auth.refresh', outcome: 'success' } as const;
    case 'replayed':
      return { action: 'auth.refresh', outcome: 'success', reason: 'answer-repeated' } as const;
    case 'gone':
      return { action: 'auth.refresh', outcome: 'failure', reason: 'session-ended' } as const;
    case 'reused':
      return { action: 'auth.refresh-reuse', outcome: 'denied', reason: 'refresh-token-reused' } as const;
  }
}
