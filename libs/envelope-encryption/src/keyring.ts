import { createHash, randomBytes } from 'node:crypto';
import { decrypt, encrypt } from './aes-gcm.js';
import { deriveKey } from './derive-key.js';

const VERSION = 'v1';
const DATA_KEY_BYTES = 32;

/** The sealed text cannot be opened: it was changed, its context is another, or its key is not in the keyring. */
export class UnsealError extends Error {
  constructor(reason: string, cause?: unknown) {
    super(`The sealed value cannot be opened: ${reason}`, { cause });
    this.name = 'UnsealError';
  }
}

interface KeyEncryptionKey {
  id: string;
  key: Buffer;
}

/**
 * Envelope encryption: each value is sealed by a data key of its own, the data key by the keyring. The first secret
 * seals, all of them open, so a secret is replaced by putting a new one in front.
 *
 * A sealed value is `v1.<key id>.<sealed data key>.<ciphertext>`, the last two base64url.
 */
export class Keyring {
  private readonly keys: readonly KeyEncryptionKey[];

  /** @param secrets at least one, each of 32 characters or more */
  constructor(secrets: readonly string[]) {
    if (secrets.length === 0) throw new TypeError('A keyring needs at least one secret');
    this.keys = secrets.map((secret) => ({ id: keyId(secret), key: deriveKey(secret, 'envelope') }));
  }

  /** @param context what the value belongs to, e.g. `signing-key:<kid>`; opening it needs the same */
  seal(plaintext: Buffer, context: string): string {
    const [sealing] = this.keys as [KeyEncryptionKey];
    const dataKey = randomBytes(DATA_KEY_BYTES);
    const sealedKey = encrypt(sealing.key, dataKey, context);
    const ciphertext = encrypt(dataKey, plaintext, context);
    return [VERSION, sealing.id, sealedKey.toString('base64url'), ciphertext.toString('base64url')].join('.');
  }

  /** Whether the first secret sealed it, so that it opens without the others. */
  isCurrent(sealed: string): boolean {
    return sealed.split('.')[1] === this.keys[0]?.id;
  }

  /** @throws UnsealError */
  open(sealed: string, context: string): Buffer {
    const [version, id, sealedKey, ciphertext, ...rest] = sealed.split('.');
    if (version !== VERSION || sealedKey === undefined || ciphertext === undefined || rest.length > 0) {
      throw new UnsealError('it has not the form of one');
    }
    const opening = this.keys.find((key) => key.id === id);
    if (opening === undefined) throw new UnsealError(`its key ${String(id)} is not in the keyring`);
    try {
      const dataKey = decrypt(opening.key, Buffer.from(sealedKey, 'base64url'), context);
      return decrypt(dataKey, Buffer.from(ciphertext, 'base64url'), context);
    } catch (error) {
      throw new UnsealError('it was changed, or belongs to something else', error);
    }
  }
}

/** Names a secret without telling anything of it. */
export function keyId(secret: string): string {
  return createHash('sha256').update(deriveKey(secret, 'key-id')).digest('hex').slice(0, 12);
}
