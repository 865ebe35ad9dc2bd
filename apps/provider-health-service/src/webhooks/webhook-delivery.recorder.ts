import { Injectable, Logger } from '@nestjs/common';
import { SecurityAudit } from '@gatehouse/audit-client';
import { retryDelayMs, type WebhookAttempt } from '@gatehouse/webhooks';
import { DataSource } from 'typeorm';
import { type ClaimedDelivery, WebhookDeliveryRepository } from './webhook-delivery.repository.js';
import { WebhookRepository } from './webhook.repository.js';
import { WebhooksMetrics } from './webhooks.metrics.js';

/** Writes down what became of an attempt, and what follows. */
@Injectable()
export class WebhookDeliveryRecorder {
  private readonly logger = new Logger(WebhookDeliveryRecorder.name);

  constructor(
    private readonly dataSource: DataSource,
    private readonly deliveries: WebhookDeliveryRepository,
    private readonly webhooks: WebhookRepository,
    private readonly audit: SecurityAudit,
    private readonly metrics: WebhooksMetrics,
  ) {}

  /** @param url where it was sent */
  async record(delivery: ClaimedDelivery, url: string, attempt: WebhookAttempt): Promise<void> {
    if (attempt.outcome === 'delivered') {
      if (await this.deliveries.delivered(delivery, attempt.status)) this.metrics.ended('delivered');
      return;
    }
    if (attempt.outcome === 'gone') await this.disable(delivery.webhook, url);
    await this.fail(delivery, attempt);
  }

  release(delivery: ClaimedDelivery): Promise<void> {
    return this.deliveries.release(delivery);
  }

  private async fail(
    delivery: ClaimedDelivery,
    of: { status?: number; reason: string; retryAfterMs?: number },
  ): Promise<void> {
    const delay = retryDelayMs(delivery.tries, { random: Math.random(), retryAfterMs: of.retryAfterMs });
    const { status, reason } = of;
    const became = await this.deliveries.failed(delivery, { status, reason }, delay);
    if (became !== 'failed') return;
    this.metrics.ended('failed');
    const { id, webhook } = delivery;
    this.logger.warn({ delivery: id, webhook, reason }, 'A webhook was given up after its last attempt');
  }

  /** What waits for it waits until it is enabled again. */
  private async disable(webhook: string, url: string): Promise<void> {
    const isDisabled = await this.dataSource.transaction(async (manager) => {
      if (!(await this.webhooks.disableGone(manager, webhook, url))) return false;
      await this.audit.enlist(manager).logAdminEvent({
        action: 'webhook.disabled',
        outcome: 'success',
        reason: 'gone',
        actor: { type: 'system', id: 'provider-health-service' },
        target: { type: 'webhook', id: webhook },
      });
      return true;
    });
    if (isDisabled) this.logger.warn({ webhook }, 'A webhook is disabled: its receiver answered 410 Gone');
  }
}
