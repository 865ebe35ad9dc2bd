import {
  type BeforeApplicationShutdown,
  type DynamicModule,
  type FactoryProvider,
  Inject,
  Module,
  type ModuleMetadata,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { BroadcastReceiver, RedisTransportClients } from '@gatehouse/redis-transport';
import type { ProviderBroadcasts } from '@gatehouse/provider-health-contracts';
import { clientLimits, type ProviderClientOptions } from './provider-client-options.js';
import { ProviderClientMetrics } from './provider-client.metrics.js';
import { type OpenProviderClient, openProviderClient } from './provider-client.opener.js';
import { OPEN_PROVIDER_CLIENT, PROVIDER_CLIENT_OPTIONS } from './provider-client.tokens.js';
import { ProviderHealthClient } from './provider-health.client.js';
import { ProviderKeyClient } from './provider-keys/provider-key.client.js';
import { ProviderServiceConnection } from './provider-service.connection.js';

export interface ProviderClientAsyncOptions extends Pick<ModuleMetadata, 'imports'> {
  inject?: FactoryProvider['inject'];
  useFactory: FactoryProvider<ProviderClientOptions>['useFactory'];
}

/**
 * Gives the application `ProviderHealthClient`, `ProviderKeyClient` and `ProviderClientMetrics`. Import it once, in the root module. It uses the
 * transport of the application, and that one's identity, where there is `RedisTransportModule`.
 */
@Module({})
export class ProviderClientModule implements BeforeApplicationShutdown, OnApplicationShutdown {
  static forRoot(options: ProviderClientOptions = {}): DynamicModule {
    return ProviderClientModule.forRootAsync({ useFactory: () => options });
  }

  static forRootAsync(options: ProviderClientAsyncOptions): DynamicModule {
    return {
      module: ProviderClientModule,
      global: true,
      imports: options.imports ?? [],
      providers: [
        { provide: PROVIDER_CLIENT_OPTIONS, inject: options.inject ?? [], useFactory: options.useFactory },
        {
          provide: OPEN_PROVIDER_CLIENT,
          inject: [
            PROVIDER_CLIENT_OPTIONS,
            { token: BroadcastReceiver, optional: true },
            { token: RedisTransportClients, optional: true },
          ],
          useFactory: open,
        },
        {
          provide: ProviderHealthClient,
          inject: [OPEN_PROVIDER_CLIENT],
          useFactory: ({ client }: OpenProviderClient) => client,
        },
        {
          provide: ProviderKeyClient,
          inject: [OPEN_PROVIDER_CLIENT],
          useFactory: ({ keys }: OpenProviderClient) => keys,
        },
        {
          provide: ProviderClientMetrics,
          inject: [OPEN_PROVIDER_CLIENT],
          useFactory: ({ metrics }: OpenProviderClient) => metrics,
        },
      ],
      exports: [ProviderHealthClient, ProviderKeyClient, ProviderClientMetrics],
    };
  }

  constructor(@Inject(OPEN_PROVIDER_CLIENT) private readonly opened: OpenProviderClient) {}

  /** While the transport is there. */
  beforeApplicationShutdown(): Promise<void> {
    return this.opened.flush();
  }

  onApplicationShutdown(): Promise<void> {
    return this.opened.close();
  }
}

async function open(
  options: ProviderClientOptions,
  receiver?: BroadcastReceiver<ProviderBroadcasts>,
  clients?: RedisTransportClients,
): Promise<OpenProviderClient> {
  const { requestTimeoutMs } = clientLimits(options);
  const transport = receiver && clients && options.redis === undefined ? { receiver, clients } : undefined;
  return openProviderClient(
    options,
    await ProviderServiceConnection.open(options, requestTimeoutMs, transport),
  );
}
