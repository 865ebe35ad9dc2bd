import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';

/** Bytes of a public key, and of the seed of a private one (RFC 8032). */
export const ED25519_KEY_BYTES = 32;

/** What comes before the key in its DER form (RFC 8410). */
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');

export function publicKeyOf(raw: Uint8Array): KeyObject {
  return createPublicKey({
    key: Buffer.concat([SPKI, raw]),
    format: 'der',
    type: 'spki',
  });
}

export function privateKeyOf(seed: Uint8Array): KeyObject {
  return createPrivateKey({
    key: Buffer.concat([PKCS8, seed]),
    format: 'der',
    type: 'pkcs8',
  });
}

/** @throws TypeError when the key is of another kind */
export function rawPublicKey(key: KeyObject): Buffer {
  const publicKey = key.type === 'private' ? createPublicKey(key) : key;
  if (publicKey.asymmetricKeyType !== 'ed25519') throw new TypeError('It is not an Ed25519 key');
  return publicKey.export({ format: 'der', type: 'spki' }).subarray(SPKI.length);
}
