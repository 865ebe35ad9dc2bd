import { Keyring, resealAll, type ResealCounts } from '@gatehouse/envelope-encryption';
import { sealContext } from './seal-context.js';
import type { SigningKeyRepository } from './signing-key.repository.js';

const BATCH = 100;

/** Seals signing keys by the first secret of `ENCRYPTION_KEY`, while the service runs. */
export class SigningKeyResealer {
  constructor(private readonly keys: SigningKeyRepository) {}

  resealAll(encryptionKeys: readonly string[]): Promise<ResealCounts> {
    return resealAll(new Keyring(encryptionKeys), {
      page: async (after) => {
        const page = await this.keys.page(after, BATCH);
        return page.map(({ kid, sealedPrivateKey }) => ({
          ...{ id: kid, sealed: sealedPrivateKey ?? '', context: sealContext(kid) },
        }));
      },
      replace: (kid, sealed, by) => this.keys.replaceSeal(kid, sealed, by),
    });
  }
}
