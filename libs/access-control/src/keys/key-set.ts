import { createHmac, createPublicKey, createSecretKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import type { JSONWebKeySet } from 'jose';

/** The algorithms that tokens of the suite may be signed with. */
export type TokenAlgorithm = 'ES256' | 'RS256' | 'HS256';

/** A key that tokens are verified with, by the one algorithm that it is for. */
export interface VerificationKey {
  kid: string;
  alg: TokenAlgorithm;
  key: KeyObject;
  /** The JWK as it was published; empty for a shared secret. */
  text: string;
}

export type KeySet = ReadonlyMap<string, VerificationKey>;

const PUBLIC_ALGORITHMS = ['ES256', 'RS256'] as const;
const SHORTEST_RSA_BITS = 2048;

/**
 * The keys of a JWKS by `kid`. What is no ES256 or RS256 key for signatures is left out, shared secrets above all (RFC
 * 7517 §5, RFC 8725 §3.1).
 *
 * @param known an earlier set: a key that is in it unchanged stays the same object
 */
export function readKeySet(jwks: JSONWebKeySet, known: KeySet = new Map()): KeySet {
  const keys = new Map<string, VerificationKey>();
  for (const jwk of jwks.keys) {
    const { kid } = jwk;
    const alg = PUBLIC_ALGORITHMS.find((algorithm) => algorithm === jwk.alg);
    if (typeof kid !== 'string' || alg === undefined || keys.has(kid)) continue;
    const text = JSON.stringify(jwk);
    const before = known.get(kid);
    const key = before?.text === text ? before.key : readPublicKey(jwk, alg);
    if (key === undefined) continue;
    keys.set(kid, before?.text === text ? before : { kid, alg, key, text });
  }
  return keys;
}

/** The key of a platform that shares one secret (HS256). Its `kid` follows from the secret and tells nothing of it. */
export function sharedSecretKey(secret: string): VerificationKey {
  const kid = createHmac('sha256', secret).update('gatehouse:kid').digest('hex').slice(0, 16);
  return { kid, alg: 'HS256', key: createSecretKey(Buffer.from(secret)), text: '' };
}

function readPublicKey(jwk: JsonWebKey, alg: 'ES256' | 'RS256'): KeyObject | undefined {
  if (jwk['use'] !== undefined && jwk['use'] !== 'sig') return undefined;
  if (alg === 'ES256' ? jwk.kty !== 'EC' || jwk.crv !== 'P-256' : jwk.kty !== 'RSA') return undefined;
  try {
    const key = createPublicKey({ key: jwk, format: 'jwk' });
    const bits = key.asymmetricKeyDetails?.modulusLength ?? SHORTEST_RSA_BITS;
    return bits >= SHORTEST_RSA_BITS ? key : undefined;
  } catch {
    return undefined;
  }
}
