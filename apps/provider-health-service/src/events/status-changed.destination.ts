import { Injectable, type OnModuleInit } from '@nestjs/common';
import {
  type OutboxDelivery,
  type OutboxDestination,
  OutboxRelay,
  type OutboxVerdict,
} from '@gatehouse/outbox';
import { type ProviderEvents, STATUS_CHANGED, type StatusChange } from '@gatehouse/provider-health-contracts';
import { EventPublisher } from '@gatehouse/redis-transport';

export const STATUS_CHANGED_TOPIC = 'providers.status-changed';

/** The transport, as the place where the outbox delivers changes of status: a durable event for every subscribing service. */
@Injectable()
export class StatusChangedDestination implements OutboxDestination, OnModuleInit {
  readonly topic = STATUS_CHANGED_TOPIC;
  readonly batchSize = 100;
  readonly batchLength = 512 * 1024;

  constructor(
    private readonly events: EventPublisher<ProviderEvents>,
    private readonly relay: OutboxRelay,
  ) {}

  onModuleInit(): void {
    this.relay.register(this);
  }

  async deliver(messages: readonly OutboxDelivery[]): Promise<OutboxVerdict[]> {
    for (const { id, payload } of messages) {
      const change = JSON.parse(payload) as StatusChange;
      await this.events.emit(STATUS_CHANGED, change, { id, key: change.provider });
    }
    return messages.map(({ id }) => ({ id, accepted: true }));
  }
}
