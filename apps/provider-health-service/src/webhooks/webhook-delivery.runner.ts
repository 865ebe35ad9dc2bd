import { Injectable, Logger } from '@nestjs/common';
import { UnsealError } from '@gatehouse/envelope-encryption';
import { OutboundFailure } from '@gatehouse/outbound-guard';
import { type WebhookAttempt, WebhookSender } from '@gatehouse/webhooks';
import { ProviderHealthEnvironment } from '../provider-health.environment.js';
import { WebhookDeliveryRecorder } from './webhook-delivery.recorder.js';
import type { ClaimedDelivery } from './webhook-delivery.repository.js';
import { WebhookSecretVault } from './webhook-secret.vault.js';
import { WebhookRepository } from './webhook.repository.js';

/** One attempt of a delivery, to where its webhook goes at that moment. */
@Injectable()
export class WebhookDeliveryRunner {
  private readonly logger = new Logger(WebhookDeliveryRunner.name);
  private readonly sender: WebhookSender;

  constructor(
    environment: ProviderHealthEnvironment,
    private readonly webhooks: WebhookRepository,
    private readonly vault: WebhookSecretVault,
    private readonly recorder: WebhookDeliveryRecorder,
  ) {
    this.sender = new WebhookSender({ allowPrivate: environment.variables.HEALTH_CHECK_ALLOW_PRIVATE });
  }

  /** Never rejects: what could not be written down is due again after its lease. */
  async run(delivery: ClaimedDelivery, signal: AbortSignal): Promise<void> {
    try {
      const webhook = await this.webhooks.find(delivery.webhook);
      if (webhook === null) return;
      if (!webhook.enabled) return await this.recorder.release(delivery);
      const { url } = webhook;
      const attempt = await this.attempt(delivery, url, signal);
      await (attempt === undefined
        ? this.recorder.release(delivery)
        : this.recorder.record(delivery, url, attempt));
    } catch (error) {
      this.logger.warn(
        { err: error, delivery: delivery.id },
        'What became of a webhook is not written down, it is sent again',
      );
    }
  }

  /** @returns undefined when it was broken off */
  private async attempt(
    { id, webhook, payload }: ClaimedDelivery,
    url: string,
    signal: AbortSignal,
  ): Promise<WebhookAttempt | undefined> {
    try {
      const secrets = await this.vault.open(webhook);
      return await this.sender.send({ id, body: payload }, { url, secrets }, signal);
    } catch (error) {
      if (error instanceof OutboundFailure) return undefined;
      if (!(error instanceof UnsealError)) throw error;
      this.logger.error({ err: error, webhook }, 'The secret of a webhook cannot be opened');
      return { outcome: 'failed', reason: 'secret unreadable' };
    }
  }
}
