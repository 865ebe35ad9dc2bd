import { Keyring, resealAll, type ResealCounts } from '@gatehouse/envelope-encryption';
import { webhookSecretContext } from './webhook-secret.js';
import type { WebhookSecretRepository } from './webhook-secret.repository.js';

const BATCH = 100;

/** Seals the secrets of webhooks by the first secret of `ENCRYPTION_KEY`, while the service runs. */
export class WebhookSecretResealer {
  constructor(private readonly secrets: WebhookSecretRepository) {}

  resealAll(encryptionKeys: readonly string[]): Promise<ResealCounts> {
    return resealAll(new Keyring(encryptionKeys), {
      page: async (after) => {
        const page = await this.secrets.page(after, BATCH);
        return page.map((secret) => ({
          ...{ id: secret.id, sealed: secret.sealed },
          context: webhookSecretContext(secret),
        }));
      },
      replace: (id, sealed, by) => this.secrets.replaceSeal(id, sealed, by),
    });
  }
}
