import { Injectable } from '@nestjs/common';
import type { ProviderIncident } from '@gatehouse/provider-health-contracts';
import type { EntityManager } from 'typeorm';
import { IncidentRecorder } from '../incidents/incident.recorder.js';
import { WebhookPublisher } from '../webhooks/webhook.publisher.js';
import type { Provider } from './provider.entity.js';

/** Ends the incident of a provider in the transaction that deletes it, and has receivers told: it does not go on for them. */
@Injectable()
export class IncidentCloser {
  constructor(
    private readonly incidents: IncidentRecorder,
    private readonly webhooks: WebhookPublisher,
  ) {}

  /** @returns undefined when none was open */
  async close(manager: EntityManager, { name, tags }: Provider): Promise<ProviderIncident | undefined> {
    const ended = await this.incidents.end(manager, name);
    if (ended === undefined) return undefined;
    await this.webhooks.publishEnd(manager, ended.incident, tags);
    return ended.incident;
  }
}
