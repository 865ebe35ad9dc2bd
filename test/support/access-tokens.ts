import { randomUUID } from 'node:crypto';
import { withLowS } from '@gatehouse/access-control';
import { exportJWK, generateKeyPair, type JSONWebKeySet, type JWTPayload, SignJWT } from 'jose';

export const ISSUER = 'https://platform.test';
export const AUDIENCE = 'gatehouse';

/** A signing key as auth-service has one. */
export async function aKey(kid: string, alg = 'ES256') {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  return { kid, alg, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } };
}

type Key = Awaited<ReturnType<typeof aKey>>;

export const jwksOf = (...keys: Key[]): JSONWebKeySet => ({ keys: keys.map((key) => key.jwk) });

export interface TokenChanges {
  claims?: JWTPayload;
  header?: Record<string, unknown>;
  issuer?: string;
  audience?: string;
  expires?: string | number;
  /** Claims to leave out. */
  without?: ('exp' | 'iat' | 'jti')[];
}

/** A user's access token, changed where a test says so. */
export async function aToken(key: Key, changes: TokenChanges = {}): Promise<string> {
  const claims = {
    type: 'access',
    role: 'user',
    sid: 's1',
    client_id: 'gatehouse',
    epoch: 0,
    ...changes.claims,
  };
  const now = Math.floor(Date.now() / 1000);
  const issued: JWTPayload = {
    sub: 'u1',
    jti: randomUUID(),
    iat: now,
    iss: changes.issuer ?? ISSUER,
    aud: changes.audience ?? AUDIENCE,
    exp: now + 900,
    ...claims,
  };
  for (const name of changes.without ?? []) delete issued[name];
  const signing = new SignJWT(issued).setProtectedHeader({
    alg: key.alg,
    kid: key.kid,
    typ: 'at+jwt',
    ...changes.header,
  });
  if (changes.expires !== undefined) signing.setExpirationTime(changes.expires);
  const token = await signing.sign(key.privateKey);
  return key.alg === 'ES256' ? withLowS(token) : token;
}

/** A service's access token. */
export const aServiceToken = (key: Key, id: string, permissions: string[]): Promise<string> =>
  aToken(key, {
    claims: { sub: id, client_id: id, permissions, role: undefined, sid: undefined, epoch: undefined },
  });
