import { Injectable } from '@nestjs/common';
import {
  ApiKeyVerifier,
  readApiKeyId,
  readCompactJws,
  UnauthenticatedError,
} from '@gatehouse/access-control';
import type { ApiKeyFacts, Principal } from '@gatehouse/auth-contracts';
import { type RefreshTokenClaims, REFRESH_TOKEN_TYPE } from '../tokens/token-claims.js';
import { TokenManager } from '../tokens/token.manager.js';
import { InvalidRefreshTokenError } from '../tokens/tokens.errors.js';

/** A token of ours that has not expired. */
export type InspectedToken =
  /** One that is accepted now. */
  | { use: 'access_token'; principal: Principal; claims: Readonly<Record<string, unknown>> }
  /** An API key, accepted now; no token, and asked about all the same. */
  | { use: 'api_key'; principal: Principal; facts: ApiKeyFacts }
  /** One that is validly signed; what it is worth its session says. */
  | { use: 'refresh_token'; claims: RefreshTokenClaims };

/** Finds out what a token is that somebody asks about. Which kind it is, it says itself: a hint is not needed. */
@Injectable()
export class TokenInspector {
  constructor(
    private readonly tokens: TokenManager,
    private readonly apiKeys: ApiKeyVerifier,
  ) {}

  /**
   * @returns undefined when it is not valid here, for whatever reason
   * @throws DependencyUnavailableError (503) when it cannot be decided
   */
  async inspect(token: string): Promise<InspectedToken | undefined> {
    const isApiKey = readApiKeyId(token) !== undefined;
    const jws = isApiKey ? undefined : readCompactJws(token);
    try {
      if (isApiKey) return { use: 'api_key', ...(await this.apiKeys.authenticate(token)) };
      if (jws === undefined) return undefined;
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
