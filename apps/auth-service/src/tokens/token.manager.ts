import { Injectable } from '@nestjs/common';
import { AccessTokenVerifier } from '@gatehouse/access-control';
import type { Principal, TokenPair } from '@gatehouse/auth-contracts';
import type { RotationDecision } from '../refresh-rotation/refresh-rotation.js';
import type { DecidedSession, Session } from '../sessions/session.js';
import { SessionManager } from '../sessions/session.manager.js';
import { AccessTokenSigner } from './access-token.signer.js';
import { type DeviceOwner, DeviceTokenSigner } from './device-token.signer.js';
import { RefreshTokenSigner } from './refresh-token.signer.js';
import type { RefreshTokenClaims } from './token-claims.js';

interface OfSession {
  userId: string;
  sessionId: string;
}

/** What became of a refresh token that was validly signed. */
export type RefreshOutcome =
  | (OfSession & { decision: 'rotated' | 'replayed'; tokens: TokenPair })
  | (OfSession & { decision: 'reused' | 'gone' });

/** Issues, renews and verifies the tokens of sessions. */
@Injectable()
export class TokenManager {
  constructor(
    private readonly accessTokens: AccessTokenSigner,
    private readonly refreshTokens: RefreshTokenSigner,
    private readonly sessions: SessionManager,
    private readonly deviceTokens: DeviceTokenSigner,
    private readonly verifier: AccessTokenVerifier,
  ) {}

  /** Both tokens of a session, dated by the decision that Redis took on it. */
  async createTokens(session: DecidedSession): Promise<TokenPair> {
    return {
      accessToken: await this.createAccessToken(session),
      refreshToken: this.createRefreshToken(session),
      tokenType: 'Bearer',
      expiresIn: this.accessTokens.lifetimeSeconds,
      refreshExpiresIn: Math.max(0, Math.floor((session.expiresAt - session.decidedAt) / 1000)),
      sessionId: session.id,
    };
  }

  createAccessToken(session: DecidedSession): Promise<string> {
    return this.accessTokens.signForSession(session);
  }

  createRefreshToken(session: DecidedSession): string {
    return this.refreshTokens.sign(session);
  }

  /** @throws InvalidRefreshTokenError when it is not one of ours or has expired */
  readRefreshToken(refreshToken: string): RefreshTokenClaims {
    return this.refreshTokens.verify(refreshToken);
  }

  /**
   * Takes a refresh token for what it is worth: one rotation however many show it at once, see `rotateRefreshToken`.
   *
   * @param shown as `readRefreshToken` has read it
   * @param device fingerprint of the device that shows it
   * @param hasEnded asked about a session that Redis takes for live: Redis may not know better. A session whose token was
   *   reused and has not ended is for the caller to end
   */
  async refreshAccessToken(
    { sub: userId, sid: sessionId, counter }: RefreshTokenClaims,
    device: string,
    hasEnded: (session: Session, decision: RotationDecision) => Promise<boolean>,
  ): Promise<RefreshOutcome> {
    const rotation = await this.sessions.rotateSession(userId, sessionId, { counter, device });
    if (!('session' in rotation)) return { userId, sessionId, decision: rotation.decision };
    const { session, decision } = rotation;
    if (await hasEnded(session, decision)) {
      await this.sessions.discardSession(userId, sessionId);
      return { userId, sessionId, decision: 'gone' };
    }
    if (decision === 'reused') return { userId, sessionId, decision };
    return { userId, sessionId, decision, tokens: await this.createTokens(session) };
  }

  /** For a sign-in: the token that names its device, the one it showed or a new one. */
  createDeviceToken(account: DeviceOwner, shown: string | undefined): string {
    return this.deviceTokens.renew(account, shown);
  }

  /** The device that the token names, when it has signed in to the account before. */
  readDeviceToken(account: DeviceOwner, shown: string | undefined): string | undefined {
    return this.deviceTokens.read(account, shown);
  }

  /** @throws UnauthenticatedError when it is not valid, or its session has ended */
  verifyToken(accessToken: string): Promise<Principal> {
    return this.verifier.verify(accessToken);
  }
}
