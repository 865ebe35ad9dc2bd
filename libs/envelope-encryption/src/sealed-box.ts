import { createPublicKey, diffieHellman, generateKeyPairSync, hkdfSync, type KeyObject } from 'node:crypto';
import { decrypt, encrypt } from './aes-gcm.js';
import { UnsealError } from './keyring.js';

const VERSION = 'v1';
const PUBLIC_KEY = /^[\w-]{43}$/;

/** The public key is none that anything may be sealed to: not 32 bytes, or one with which everybody knows the secret. */
export class PublicKeyError extends TypeError {
  constructor(cause?: unknown) {
    super('Not a public key that anything may be sealed to', { cause });
    this.name = 'PublicKeyError';
  }
}

/** A key pair for one answer. The private part does not leave the process. */
export interface BoxKeys {
  /** X25519, 32 bytes as base64url. */
  readonly publicKey: string;
  readonly privateKey: KeyObject;
}

/** Make a pair for each request: an answer that was recorded opens with no other. */
export function newBoxKeys(): BoxKeys {
  const { publicKey, privateKey } = generateKeyPairSync('x25519');
  return { publicKey: publicKey.export({ format: 'jwk' }).x ?? '', privateKey };
}

/**
 * Seals to whoever has the private part: X25519 with a pair made for this box, HKDF-SHA-256, AES-256-GCM, after RFC 9180.
 * Both public keys and the context go into the key.
 *
 * @param context what it is about; opening needs the same
 * @returns `v1.<public key made for it>.<ciphertext>`, base64url
 * @throws PublicKeyError
 */
export function sealTo(publicKey: string, plaintext: Buffer, context: string): string {
  const own = newBoxKeys();
  const key = agree(own.privateKey, publicKey, { from: own.publicKey, to: publicKey, context });
  return [VERSION, own.publicKey, encrypt(key, plaintext, context).toString('base64url')].join('.');
}

/** @throws UnsealError when it was sealed to another key or for another context, or changed */
export function openBox(keys: BoxKeys, sealed: string, context: string): Buffer {
  const [version, from = '', ciphertext, ...rest] = sealed.split('.');
  if (version !== VERSION || ciphertext === undefined || rest.length > 0)
    throw new UnsealError('it has not the form of a box');
  try {
    const key = agree(keys.privateKey, from, { from, to: keys.publicKey, context });
    return decrypt(key, Buffer.from(ciphertext, 'base64url'), context);
  } catch (error) {
    throw new UnsealError('it was changed, or is for somebody else', error);
  }
}

function agree(
  privateKey: KeyObject,
  publicKey: string,
  { from, to, context }: { from: string; to: string; context: string },
): Buffer {
  if (!PUBLIC_KEY.test(publicKey)) throw new PublicKeyError();
  const info = ['gatehouse/sealed-box', VERSION, from, to, context].join('\0');
  return Buffer.from(hkdfSync('sha256', sharedSecret(privateKey, publicKey), '', info, 32));
}

/** With a point of low order the secret would be zero, and everybody would know it (RFC 7748 §6.1). */
function sharedSecret(privateKey: KeyObject, x: string): Buffer {
  try {
    const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'X25519', x }, format: 'jwk' });
    const secret = diffieHellman({ privateKey, publicKey });
    if (secret.some((byte) => byte !== 0)) return secret;
  } catch (error) {
    throw new PublicKeyError(error);
  }
  throw new PublicKeyError();
}
