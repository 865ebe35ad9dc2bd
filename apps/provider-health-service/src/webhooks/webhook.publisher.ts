import { Injectable } from '@nestjs/common';
import type { ProviderIncident, StatusChange } from '@gatehouse/provider-health-contracts';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { IncidentChange } from '../incidents/incident.recorder.js';
import { ProviderManager } from '../providers/provider.manager.js';
import { UnknownProviderError } from '../providers/providers.errors.js';
import { WebhookDeliveryRepository } from './webhook-delivery.repository.js';
import { WebhookDispatcher } from './webhook.dispatcher.js';
import { isWanted } from './webhook-filter.js';
import { type EventPayload, payloadsOf, resolvedPayload } from './webhook-payload.js';
import { WebhookRepository } from './webhook.repository.js';

/** Leaves what webhooks are to be told of a change, in the transaction that writes the change down. */
@Injectable()
export class WebhookPublisher {
  constructor(
    private readonly webhooks: WebhookRepository,
    private readonly deliveries: WebhookDeliveryRepository,
    private readonly providers: ProviderManager,
    private readonly dispatcher: WebhookDispatcher,
  ) {}

  /** One delivery to each webhook that is enabled and wants the event. */
  async publish(
    manager: EntityManager,
    change: StatusChange,
    made: IncidentChange | undefined,
  ): Promise<void> {
    const { provider } = change;
    await this.leave(manager, payloadsOf(change, made), { provider, tagsOf: () => this.tagsOf(provider) });
  }

  /** The incident of a provider that had these tags and is deleted in the same transaction. */
  async publishEnd(manager: EntityManager, incident: ProviderIncident, tags: string[]): Promise<void> {
    const { provider } = incident;
    await this.leave(manager, [resolvedPayload(incident)], { provider, tagsOf: () => Promise.resolve(tags) });
  }

  /** Has them sent at once, after the commit; else they are found within a second. */
  committed(): void {
    this.dispatcher.wake();
  }

  private async leave(
    manager: EntityManager,
    payloads: EventPayload[],
    { provider, tagsOf }: { provider: string; tagsOf: () => Promise<string[]> },
  ): Promise<void> {
    const webhooks = await this.webhooks.keepEnabled(manager);
    const tags = webhooks.some((webhook) => webhook.tags.length > 0) ? await tagsOf() : [];
    const deliveries = payloads.flatMap((payload) => {
      const body = JSON.stringify(payload);
      return webhooks
        .filter((webhook) => isWanted(webhook, { event: payload.type, provider, tags }))
        .map((webhook) => ({ id: uuidv7(), webhook: webhook.id, event: payload.type, payload: body }));
    });
    await this.deliveries.insert(manager, deliveries);
  }

  private async tagsOf(provider: string): Promise<string[]> {
    try {
      return (await this.providers.get(provider)).tags;
    } catch (error) {
      if (error instanceof UnknownProviderError) return [];
      throw error;
    }
  }
}
