import { Injectable } from '@nestjs/common';
import type {
  ListDeliveriesQuery,
  ListWebhooksQuery,
  Page,
  WebhookAnswer,
  WebhookDelivery,
} from '@gatehouse/provider-health-contracts';
import { readIdCursor, writeListCursor } from '../providers/list-cursor.js';
import { toDeliveryAnswer, toWebhookAnswer } from './webhook-answer.js';
import { WebhookDeliveryRepository } from './webhook-delivery.repository.js';
import { WebhookRepository } from './webhook.repository.js';
import { UnknownWebhookError } from './webhooks.errors.js';

/** Pages of webhooks, the oldest first, and of their deliveries, the newest first. */
@Injectable()
export class WebhookListing {
  constructor(
    private readonly webhooks: WebhookRepository,
    private readonly deliveries: WebhookDeliveryRepository,
  ) {}

  /** @throws UnknownWebhookError */
  async get(id: string): Promise<WebhookAnswer> {
    const webhook = await this.webhooks.find(id);
    if (webhook === null) throw new UnknownWebhookError(id);
    return toWebhookAnswer(webhook);
  }

  async page({ cursor, limit }: ListWebhooksQuery): Promise<Page<WebhookAnswer>> {
    const after = cursor === undefined ? undefined : readIdCursor(cursor);
    return pageOf(await this.webhooks.list({ after, limit: limit + 1 }), limit, toWebhookAnswer);
  }

  /** @throws UnknownWebhookError */
  async pageOfDeliveries(
    webhook: string,
    { cursor, limit, status }: ListDeliveriesQuery,
  ): Promise<Page<WebhookDelivery>> {
    await this.get(webhook);
    const before = cursor === undefined ? undefined : readIdCursor(cursor);
    const found = await this.deliveries.list(webhook, { before, status, limit: limit + 1 });
    return pageOf(found, limit, toDeliveryAnswer);
  }
}

/** @param found one more than `limit` when there is another page */
function pageOf<Row extends { id: string }, Item>(
  found: Row[],
  limit: number,
  toItem: (row: Row) => Item,
): Page<Item> {
  const shown = found.slice(0, limit);
  const last = shown.at(-1);
  const more = found.length > limit && last !== undefined;
  return { items: shown.map(toItem), nextCursor: more ? writeListCursor(last.id) : null };
}
