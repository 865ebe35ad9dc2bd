import { Injectable } from '@nestjs/common';
import { EventPublisher } from './events/event.publisher.js';
import { RedisTransportClient } from './redis-transport.client.js';
import { RequestDispatcher } from './requests/request.dispatcher.js';
import { TransportConnections } from './transport.connections.js';

/** Makes clients that share the connections of the process. */
@Injectable()
export class RedisTransportClients {
  constructor(
    private readonly requests: RequestDispatcher,
    private readonly events: EventPublisher,
    private readonly connections: TransportConnections,
  ) {}

  /**
   * @param service that is asked
   * @param idempotent as for `RedisTransportModule.registerClient`
   */
  of(service: string, idempotent: readonly string[] = []): RedisTransportClient {
    const target = { service, idempotent: new Set(idempotent) };
    return new RedisTransportClient(target, this.requests, this.events, this.connections);
  }
}
