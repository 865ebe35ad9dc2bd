import {
  type DynamicModule,
  type FactoryProvider,
  type InjectionToken,
  Module,
  type ModuleMetadata,
} from '@nestjs/common';
import { BroadcastReceiver } from './broadcasts/broadcast.receiver.js';
import { EventPublisher } from './events/event.publisher.js';
import { Broadcaster } from './broadcasts/message.broadcaster.js';
import { MessagePublisher } from './streams/message.publisher.js';
import type { RedisTransportClient } from './redis-transport.client.js';
import { RedisTransportClients } from './redis-transport.clients.js';
import { RedisTransportHealth } from './redis-transport.health.js';
import { RedisTransportMetrics } from './redis-transport.metrics.js';
import { RedisTransportServer } from './redis-transport.server.js';
import { ReplyChannel } from './requests/reply.channel.js';
import { RequestDispatcher } from './requests/request.dispatcher.js';
import { SenderIdentity } from './messages/sender.identity.js';
import { TransportConnections } from './transport.connections.js';
import {
  type RedisTransportOptions,
  type TransportSettings,
  transportSettings,
} from './transport-options.js';
import { TRANSPORT_OPTIONS, TRANSPORT_SETTINGS } from './transport.tokens.js';

export interface RedisTransportAsyncOptions extends Pick<ModuleMetadata, 'imports'> {
  inject?: FactoryProvider['inject'];
  useFactory: FactoryProvider<RedisTransportOptions>['useFactory'];
}

export interface RedisTransportClientOptions {
  /** Injection token of the client. */
  name: InjectionToken;
  /** The service that it asks. */
  service: string;
  /**
   * Patterns whose handlers are `@Idempotent()`: when the connection broke they are sent again by themselves, with the
   * same message id, until their deadline.
   */
  idempotent?: readonly string[];
}

/**
 * The transport of a process: `forRootAsync` once, `registerClient` for each service that is asked. Nothing in it
 * waits for Redis.
 */
@Module({})
export class RedisTransportModule {
  /**
   * Global: `RedisTransportClients`, `EventPublisher`, `Broadcaster`, `BroadcastReceiver`, `RedisTransportHealth`,
   * `RedisTransportMetrics`.
   */
  static forRootAsync(options: RedisTransportAsyncOptions): DynamicModule {
    return {
      module: RedisTransportModule,
      global: true,
      imports: options.imports ?? [],
      providers: [
        { provide: TRANSPORT_OPTIONS, inject: options.inject ?? [], useFactory: options.useFactory },
        { provide: TRANSPORT_SETTINGS, inject: [TRANSPORT_OPTIONS], useFactory: transportSettings },
        { provide: TransportConnections, inject: [TRANSPORT_SETTINGS], useFactory: openConnections },
        ...[SenderIdentity, MessagePublisher, ReplyChannel, RequestDispatcher, EventPublisher],
        ...[
          Broadcaster,
          BroadcastReceiver,
          RedisTransportClients,
          RedisTransportServer,
          RedisTransportHealth,
          RedisTransportMetrics,
        ],
      ],
      exports: [
        ...[RedisTransportClients, EventPublisher, Broadcaster, BroadcastReceiver],
        ...[RedisTransportServer, RedisTransportHealth, RedisTransportMetrics],
      ],
    };
  }

  /** Provides a client; inject it as `RequestClient<AuditRequests>`. */
  static registerClient({ name, service, idempotent = [] }: RedisTransportClientOptions): DynamicModule {
    const client: FactoryProvider<RedisTransportClient> = {
      provide: name,
      inject: [RedisTransportClients],
      useFactory: (clients: RedisTransportClients) => clients.of(service, idempotent),
    };
    return { module: RedisTransportModule, providers: [client], exports: [client] };
  }
}

function openConnections(settings: TransportSettings): Promise<TransportConnections> {
  return new TransportConnections(settings).open();
}
