import type { Principal } from '@gatehouse/auth-contracts';
import type { ResolvedRole } from '../roles/role-set.js';

/** `typ` of an access token's header (RFC 9068 §2.1). */
export const ACCESS_TOKEN_TYPE = 'at+jwt';

/** The claims that a user's and a service's access token have beside `iss`, `aud`, `iat`, `exp` (RFC 9068 §2.2). */
export interface AccessTokenClaims {
  sub: string;
  type: 'access';
  client_id: string;
  jti: string;
  /** Of a user's token. */
  role?: string;
  /** The session of a user's token. */
  sid?: string;
  /** Grows with each change of the account's role, status or password. */
  epoch?: number;
  /** Of a service's token. */
  permissions?: string[];
}

/**
 * Why claims are not those of a token that is valid here and then: another issuer or audience, expired, not yet valid,
 * not dated, of nobody (RFC 7519 §4.1, RFC 9068 §4).
 *
 * @param now milliseconds since 1970
 */
export function refusalOf(
  { iss, aud, exp, nbf, iat, sub, jti }: Readonly<Record<string, unknown>>,
  { issuer, audience }: { issuer: string; audience: string },
  now: number,
): string | undefined {
  if (iss !== issuer) return 'of another issuer';
  if (aud !== audience && !(Array.isArray(aud) && aud.includes(audience))) return 'for another audience';
  if (typeof exp !== 'number' || typeof iat !== 'number') return 'not dated';
  if (!(exp * 1000 > now)) return 'expired';
  if (nbf !== undefined && !(typeof nbf === 'number' && nbf * 1000 <= now)) return 'not valid yet';
  return isText(sub) && isText(jti) ? undefined : 'of nobody';
}

/**
 * Who a token with these claims speaks for. A user's token has a session and a role; a service's has permissions of its
 * own, neither role nor session, and the service as its client.
 *
 * @param resolve what a role comes to; one that there is not may do nothing
 * @returns undefined when the claims are neither
 */
export function principalOf(
  claims: Record<string, unknown>,
  resolve: (role: string) => ResolvedRole | undefined,
): Principal | undefined {
  const { sub, type, client_id: clientId, role, sid, permissions } = claims;
  if (type !== 'access' || !isText(sub) || !isText(clientId) || !isText(claims['jti'])) return undefined;
  if (isText(role) && isText(sid) && permissions === undefined) {
    const { builtInRole, permissions: granted } = resolve(role) ?? NOTHING;
    return { id: sub, type: 'user', role, builtInRole, permissions: granted, sessionId: sid, clientId };
  }
  if (isTexts(permissions) && sub === clientId && role === undefined && sid === undefined) {
    return { id: sub, type: 'service', permissions, clientId };
  }
  return undefined;
}

const NOTHING: Partial<ResolvedRole> & Pick<ResolvedRole, 'permissions'> = { permissions: [] };
const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
const isTexts = (value: unknown): value is string[] => Array.isArray(value) && value.every(isText);
