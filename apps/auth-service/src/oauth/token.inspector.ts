import { Injectable } from '@nestjs/common';
import { readCompactJws, UnauthenticatedError } from '@gatehouse/access-control';
import type { Principal } from '@gatehouse/auth-contracts';
import { type RefreshTokenClaims, REFRESH_TOKEN_TYPE } from '../tokens/token-claims.js';
import { TokenManager } from '../tokens/token.manager.js';
import { InvalidRefreshTokenError } from '../tokens/tokens.errors.js';

/** A token of ours that has not expired. */
export type InspectedToken =
  /** One that is accepted now. */
  | { use: 'access_token'; principal: Principal; claims: Readonly<Record<string, unknown>> }
  /** One that is validly signed; what it is worth its session says. */
  | { use: 'refresh_token'; claims: RefreshTokenClaims };

/** Finds out what a token is that somebody asks about. Which kind it is, it says itself: a hint is not needed. */
@Injectable()
export class TokenInspector {
  constructor(private readonly tokens: TokenManager) {}

  /**
   * @returns undefined when it is not valid here, for whatever reason
   * @throws DependencyUnavailableError (503) when it cannot be decided
   */
  async inspect(token: string): Promise<InspectedToken | undefined> {
    const jws = readCompactJws(token);
    if (jws === undefined) return undefined;
    try {
      if (jws.header.typ === REFRESH_TOKEN_TYPE)
        return { use: 'refresh_token', claims: this.tokens.readRefreshToken(token) };
      return {
        use: 'access_token',
        principal: await this.tokens.verifyToken(token),
        claims: jws.claims,
      };
    } catch (error) {
      if (error instanceof UnauthenticatedError || error instanceof InvalidRefreshTokenError)
        return undefined;
      throw error;
    }
  }
}
