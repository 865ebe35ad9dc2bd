import type { AccessTokenClaims } from '@gatehouse/access-control';
import type { DecidedSession } from '../sessions/session.js';

/** `client_id` of tokens that a user got by signing in at the platform itself. */
export const FIRST_PARTY_CLIENT = 'gatehouse';
export const REFRESH_TOKEN_TYPE = 'rt+jwt';

interface IssuedClaims {
  iss: string;
  aud: string;
  /** Seconds since 1970. */
  iat: number;
  exp: number;
}

export interface RefreshTokenClaims extends IssuedClaims {
  sub: string;
  type: 'refresh';
  sid: string;
  jti: string;
  counter: number;
}

/** Seconds since 1970, rounded down: what is issued is never newer than the decision that allowed it. */
const seconds = (milliseconds: number): number => Math.floor(milliseconds / 1000);

/** The claims of a user's access token (RFC 9068 §2.2), as of the time at which Redis took the decision. */
export function accessTokenClaims(
  session: DecidedSession,
  rules: { issuer: string; audience: string; lifetimeSeconds: number; jti: string },
): AccessTokenClaims & IssuedClaims {
  const iat = seconds(session.decidedAt);
  return {
    sub: session.userId,
    role: session.role,
    type: 'access',
    sid: session.id,
    jti: rules.jti,
    epoch: session.epoch,
    client_id: FIRST_PARTY_CLIENT,
    iat,
    exp: iat + rules.lifetimeSeconds,
    iss: rules.issuer,
    aud: rules.audience,
  };
}

/** A service's own token: its id is its client, its permissions are in it. */
export function serviceTokenClaims(
  service: { id: string; permissions: readonly string[]; epoch?: number },
  rules: { issuer: string; audience: string; lifetimeSeconds: number; jti: string; now: number },
): AccessTokenClaims & IssuedClaims {
  const iat = seconds(rules.now);
  return {
    sub: service.id,
    type: 'access',
    jti: rules.jti,
    client_id: service.id,
    permissions: [...service.permissions],
    ...(service.epoch === undefined ? {} : { epoch: service.epoch }),
    iat,
    exp: iat + rules.lifetimeSeconds,
    iss: rules.issuer,
    aud: rules.audience,
  };
}

/**
 * The claims of a session's newest refresh token. Everything follows from the session, so the successor that is given out
 * again after a lost answer is the same token to the letter.
 */
export function refreshTokenClaims(session: DecidedSession, issuer: string): RefreshTokenClaims {
  return {
    sub: session.userId,
    type: 'refresh',
    sid: session.id,
    jti: `${session.id}.${session.counter}`,
    counter: session.counter,
    iat: seconds(session.rotatedAt),
    exp: seconds(session.expiresAt),
    iss: issuer,
    aud: issuer,
  };
}
