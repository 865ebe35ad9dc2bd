import { Keyring, resealAll, type ResealCounts } from '@gatehouse/envelope-encryption';
import { keyContext } from './provider-key.js';
import type { ProviderKeyRepository } from './provider-key.repository.js';

const BATCH = 100;

/** Seals the API keys of providers by the first secret of `ENCRYPTION_KEY`, while the service runs. */
export class ProviderKeyResealer {
  constructor(private readonly keys: ProviderKeyRepository) {}

  resealAll(encryptionKeys: readonly string[]): Promise<ResealCounts> {
    return resealAll(new Keyring(encryptionKeys), {
      page: async (after) => {
        const page = await this.keys.page(after, BATCH);
        return page.map((key) => ({ id: key.provider, sealed: key.sealedKey, context: keyContext(key) }));
      },
      replace: (provider, sealed, by) => this.keys.replaceSeal(provider, sealed, by),
    });
  }
}
