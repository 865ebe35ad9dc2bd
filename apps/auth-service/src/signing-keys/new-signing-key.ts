import { generateKeyPairSync, randomUUID } from 'node:crypto';

/** The public part of an ES256 key (RFC 7517 §4, RFC 7518 §6.2.1). */
export interface PublicJwk {
  kty: string;
  crv: string;
  x: string;
  y: string;
  kid: string;
  alg: string;
  use: string;
}

export interface NewSigningKey {
  kid: string;
  algorithm: 'ES256';
  publicJwk: PublicJwk;
  /** PKCS #8 PEM. */
  privateKey: string;
}

/** A new ES256 key pair (RFC 7518 §3.4). */
export function newSigningKey(): NewSigningKey {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const kid = randomUUID();
  const { kty = '', crv = '', x = '', y = '' } = publicKey.export({ format: 'jwk' });
  return {
    kid,
    algorithm: 'ES256',
    publicJwk: { kty, crv, x, y, kid, alg: 'ES256', use: 'sig' },
    privateKey: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
  };
}
