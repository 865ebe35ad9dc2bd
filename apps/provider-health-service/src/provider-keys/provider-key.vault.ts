import { Injectable } from '@nestjs/common';
import { Keyring, UnsealError } from '@gatehouse/envelope-encryption';
import { v7 as uuidv7 } from 'uuid';
import { ProviderHealthEnvironment } from '../provider-health.environment.js';
import { OpenedKey } from './opened-key.js';
import type { ProviderKeyEntity } from './provider-key.entity.js';
import { keyContext, last4Of } from './provider-key.js';

/** Seals and opens the API keys of providers with `ENCRYPTION_KEY`. */
@Injectable()
export class ProviderKeyVault {
  private readonly keyring: Keyring;

  constructor(environment: ProviderHealthEnvironment) {
    this.keyring = new Keyring(environment.encryptionKeys);
  }

  /** A new key of the provider. */
  seal(of: { provider: string; origin: string; apiKey: string }): ProviderKeyEntity {
    const { provider, origin, apiKey } = of;
    const keyId = uuidv7();
    return {
      ...{ provider, keyId, origin, last4: last4Of(apiKey), setAt: new Date() },
      sealedKey: this.keyring.seal(Buffer.from(apiKey), keyContext({ provider, keyId, origin })),
    };
  }

  /** @throws UnsealError when no secret of `ENCRYPTION_KEY` opens it, or when it was sealed for another row */
  open(key: ProviderKeyEntity): OpenedKey {
    const apiKey = this.keyring.open(key.sealedKey, keyContext(key)).toString();
    return new OpenedKey(key.keyId, key.origin, apiKey);
  }

  canOpen(key: ProviderKeyEntity): boolean {
    try {
      return Boolean(this.open(key));
    } catch (error) {
      if (error instanceof UnsealError) return false;
      throw error;
    }
  }
}
