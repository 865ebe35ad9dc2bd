import type { ApiKeyFacts, Principal } from '@gatehouse/auth-contracts';
import type { RefreshTokenClaims } from '../tokens/token-claims.js';
import { FIRST_PARTY_CLIENT } from '../tokens/token-claims.js';

/** The answer of RFC 7662 §2.2 about a token that is accepted, with members of ours beside it. */
export interface ActiveToken {
  active: true;
  /** A refresh token is nothing to be let in by: it has no `token_type`, `scope`, `role` nor `permissions`. */
  token_use: 'access_token' | 'refresh_token' | 'api_key';
  token_type?: 'Bearer';
  /** The permissions, joined by spaces. */
  scope?: string;
  permissions?: readonly string[];
  role?: string;
  /** The session of a user's token. */
  sid?: string;
  /** The email of the user. */
  username?: string;
  client_id: string;
  sub: string;
  /** The user whose API key it is. */
  owner?: string;
  aud?: unknown;
  iss?: unknown;
  jti?: unknown;
  /** Seconds since 1970. */
  iat?: unknown;
  exp?: unknown;
}

/** Of a token that is not accepted nothing is told but that. */
export type Introspection = ActiveToken | { active: false };

export const INACTIVE: Introspection = { active: false };

type Claims = Readonly<Record<string, unknown>>;

/** @param username of a user's token */
export function introspectionOfAccess(
  { id, clientId, permissions, role, sessionId }: Principal,
  { aud, iss, jti, iat, exp }: Claims,
  username?: string,
): ActiveToken {
  return {
    ...{ active: true, token_use: 'access_token', token_type: 'Bearer' },
    ...(permissions.length === 0 ? {} : { scope: permissions.join(' ') }),
    ...{ client_id: clientId, username, sub: id, role, permissions, sid: sessionId },
    ...{ aud, iss, jti, iat, exp },
  };
}

/** It is no Bearer token: it goes into `X-API-Key`, and is for whoever takes it. */
export function introspectionOfApiKey(
  { id, clientId, permissions, ownerId }: Principal,
  { expiresAt }: ApiKeyFacts,
): ActiveToken {
  return {
    ...{ active: true, token_use: 'api_key' },
    ...(permissions.length === 0 ? {} : { scope: permissions.join(' ') }),
    ...{ client_id: clientId, sub: id, permissions, owner: ownerId },
    ...(expiresAt === undefined ? {} : { exp: Math.floor(Date.parse(expiresAt) / 1000) }),
  };
}

export function introspectionOfRefresh(
  { sub, sid, aud, iss, jti, iat, exp }: RefreshTokenClaims,
  username: string,
): ActiveToken {
  return {
    ...{ active: true, token_use: 'refresh_token', client_id: FIRST_PARTY_CLIENT },
    ...{ username, sub, sid, aud, iss, jti, iat, exp },
  };
}
