import { Injectable } from '@nestjs/common';
import { Keyring } from '@gatehouse/envelope-encryption';
import { newWebhookSecret } from '@gatehouse/webhooks';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { ProviderHealthEnvironment } from '../provider-health.environment.js';
import { webhookSecretContext } from './webhook-secret.js';
import { WebhookSecretRepository } from './webhook-secret.repository.js';

/** Both verify for so long, while receivers come to know the new one. */
const OVERLAP_SECONDS = 86_400;

/** The secrets that webhooks are signed by: at rest sealed with `ENCRYPTION_KEY`, each for its row. */
@Injectable()
export class WebhookSecretVault {
  private readonly keyring: Keyring;

  constructor(
    environment: ProviderHealthEnvironment,
    private readonly secrets: WebhookSecretRepository,
  ) {
    this.keyring = new Keyring(environment.encryptionKeys);
  }

  /** Makes the first secret of a webhook. @returns it, which nobody gets to know again */
  async make(manager: EntityManager, webhook: string): Promise<string> {
    const id = uuidv7();
    const secret = newWebhookSecret();
    const sealed = this.keyring.seal(Buffer.from(secret), webhookSecretContext({ id, webhook }));
    await this.secrets.add(manager, { id, webhook, sealed });
    return secret;
  }

  /** Makes another one, beside which the present one signs for a day more. The caller has locked the webhook. */
  async rotate(manager: EntityManager, webhook: string): Promise<{ secret: string; previousUntil: Date }> {
    const previousUntil = await this.secrets.retire(manager, webhook, OVERLAP_SECONDS);
    return { secret: await this.make(manager, webhook), previousUntil };
  }

  /** Those that sign now, the newest first. @throws UnsealError when no secret of `ENCRYPTION_KEY` opens one of them */
  async open(webhook: string): Promise<string[]> {
    const signing = await this.secrets.signing(webhook);
    return signing.map((secret) => this.keyring.open(secret.sealed, webhookSecretContext(secret)).toString());
  }
}
