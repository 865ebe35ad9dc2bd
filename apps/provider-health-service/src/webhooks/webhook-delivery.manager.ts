import { Injectable } from '@nestjs/common';
import type { WebhookDelivery, WebhookPayload } from '@gatehouse/provider-health-contracts';
import { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { toDeliveryAnswer } from './webhook-answer.js';
import { WebhookDeliveryRepository } from './webhook-delivery.repository.js';
import { WebhookDispatcher } from './webhook.dispatcher.js';
import { WebhookRepository } from './webhook.repository.js';
import { UnknownDeliveryError, UnknownWebhookError, WebhookDisabledError } from './webhooks.errors.js';

/** Deliveries that somebody asks for. */
@Injectable()
export class WebhookDeliveryManager {
  constructor(
    private readonly dataSource: DataSource,
    private readonly webhooks: WebhookRepository,
    private readonly deliveries: WebhookDeliveryRepository,
    private readonly dispatcher: WebhookDispatcher,
  ) {}

  /** Sends a `ping`, whatever the webhook is told of otherwise. @throws UnknownWebhookError @throws WebhookDisabledError */
  async test(webhook: string): Promise<WebhookDelivery> {
    await this.demandEnabled(webhook);
    const id = uuidv7();
    const payload: WebhookPayload = {
      ...{ type: 'ping', timestamp: new Date().toISOString() },
      data: { webhook },
    };
    await this.dataSource.transaction(async (manager) => {
      if (!(await this.webhooks.keep(manager, webhook))) throw new UnknownWebhookError(webhook);
      await this.deliveries.insert(manager, [
        { id, webhook, event: payload.type, payload: JSON.stringify(payload) },
      ]);
    });
    return this.woken(webhook, id);
  }

  /**
   * Sends it again, at once and then by the schedule from its beginning, also what was delivered already.
   *
   * @throws UnknownWebhookError
   * @throws UnknownDeliveryError
   * @throws WebhookDisabledError
   */
  async retry(webhook: string, id: string): Promise<WebhookDelivery> {
    await this.demandEnabled(webhook);
    if (!(await this.deliveries.retry(webhook, id))) throw new UnknownDeliveryError(id);
    return this.woken(webhook, id);
  }

  private async demandEnabled(id: string): Promise<void> {
    const webhook = await this.webhooks.find(id);
    if (webhook === null) throw new UnknownWebhookError(id);
    if (!webhook.enabled) throw new WebhookDisabledError(id);
  }

  private async woken(webhook: string, id: string): Promise<WebhookDelivery> {
    this.dispatcher.wake();
    const delivery = await this.deliveries.find(webhook, id);
    if (delivery === null) throw new UnknownDeliveryError(id);
    return toDeliveryAnswer(delivery);
  }
}
