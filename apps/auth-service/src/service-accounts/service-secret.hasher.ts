import { createHmac, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { deriveKey } from '@gatehouse/envelope-encryption';
import { AuthEnvironment } from '../auth.environment.js';

/**
 * Secrets of service accounts as they are kept: HMAC-SHA-256 with a key derived from `ENCRYPTION_KEY`. A secret is 256
 * random bits, so it needs no slow hash; without the key not even a weak one of the configuration can be guessed from the
 * database.
 */
@Injectable()
export class ServiceSecretHasher {
  private readonly keys: readonly Buffer[];

  constructor(environment: AuthEnvironment) {
    this.keys = environment.encryptionKeys.map((secret) => deriveKey(secret, 'service-secret'));
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
