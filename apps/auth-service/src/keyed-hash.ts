import { createHmac, timingSafeEqual } from 'node:crypto';
import { deriveKey } from '@gatehouse/envelope-encryption';

/**
 * Random secrets as they are kept: HMAC-SHA-256 with a key derived from `ENCRYPTION_KEY`. 256 random bits need no slow hash;
 * without the key not even a weak one can be guessed from the database.
 */
export class KeyedHash {
  private readonly keys: readonly Buffer[];

  /**
   * @param encryptionKeys the first hashes, with all is compared
   * @param purpose a hash of one kind of secret is none of another
   */
  constructor(encryptionKeys: readonly string[], purpose: string) {
    this.keys = encryptionKeys.map((key) => deriveKey(key, purpose));
  }

  /** With the newest key. */
  hash(secret: string): Buffer {
    const [key] = this.keys as [Buffer];
    return hashWith(key, secret);
  }

  /**
   * Which of the hashes is the secret's, with whichever key. Compares each with each, in constant time.
   *
   * @returns its index, -1 where none is
   */
  find(secret: string, hashes: readonly Buffer[]): number {
    let found = -1;
    for (const own of this.keys.map((key) => hashWith(key, secret))) {
      hashes.forEach((hash, index) => {
        if (hash.length === own.length && timingSafeEqual(hash, own)) found = index;
      });
    }
    return found;
  }
}

const hashWith = (key: Buffer, secret: string): Buffer => createHmac('sha256', key).update(secret).digest();
