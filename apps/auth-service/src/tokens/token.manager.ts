import { Injectable } from '@nestjs/common';
import { AccessTokenVerifier } from '@gatehouse/access-control';
import type { Principal, TokenPair } from '@gatehouse/auth-contracts';
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
  | (OfSession & { decision: 'reused'; session: Session })
  | (OfSession & { decision: 'gone' });

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
   * @param goesOn asked about a session that Redis takes for live, before its tokens are given out: Redis may not know
   *   better. A session whose token was reused is for the caller to end
   */
  async refreshAccessToken(
    { sub: userId, sid: sessionId, counter }: RefreshTokenClaims,
    device: string,
    goesOn: (session: Session, decision: 'rotated' | 'replayed') => Promise<boolean>,
  ): Promise<RefreshOutcome> {
    const of = { userId, sessionId };
    const rotation = await this.sessions.rotateSession(userId, sessionId, { counter, device });
    if (!('session' in rotation)) return { ...of, decision: rotation.decision };
    const { session, decision } = rotation;
    if (decision === 'reused') return { ...of, decision, session };
    try {
      const tokens = await this.createTokens(session);
      if (await goesOn(session, decision)) return { ...of, decision, tokens };
    } catch (error) {
      // Were PostgreSQL away for longer than the window, its client would be taken for a thief.
      await this.sessions.noteUnanswered(userId, sessionId, session.counter).catch(() => {});
      throw error;
    }
    await this.sessions.discardSession(userId, sessionId);
    return { ...of, decision: 'gone' };
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
