import { generateKeyPair, type KeyObject, randomUUID } from 'node:crypto';
import { promisify } from 'node:util';

/** A public key as it is published (RFC 7517 §4, RFC 7518 §6). */
export interface PublicJwk {
  kty: string;
  /** Of ES256. */
  crv?: string;
  x?: string;
  y?: string;
  /** Of RS256. */
  n?: string;
  e?: string;
  kid: string;
  alg: string;
  use: string;
}

export interface NewSigningKey {
  kid: string;
  algorithm: 'ES256' | 'RS256';
  publicJwk: PublicJwk;
  /** PKCS #8 PEM. */
  privateKey: string;
}

const RSA_BITS = 2048;

const generate = promisify(generateKeyPair) as (
  type: string,
  options: object,
) => Promise<{ publicKey: KeyObject; privateKey: KeyObject }>;

/** A new key pair (RFC 7518 §3.3, §3.4), made beside the event loop: RSA takes its time. */
export async function newSigningKey(algorithm: 'ES256' | 'RS256'): Promise<NewSigningKey> {
  const { publicKey, privateKey } =
    algorithm === 'ES256'
      ? await generate('ec', { namedCurve: 'P-256' })
      : await generate('rsa', { modulusLength: RSA_BITS });
  const kid = randomUUID();
  const { kty = '', ...members } = publicKey.export({ format: 'jwk' }) as Partial<PublicJwk>;
  return {
    kid,
    algorithm,
    publicJwk: { kty, ...members, kid, alg: algorithm, use: 'sig' },
    privateKey: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
  };
}
