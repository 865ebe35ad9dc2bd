import type { ProviderBroadcasts, ProviderRequests } from '@gatehouse/provider-health-contracts';
import {
  type BroadcastReceiver,
  openTransport,
  type PatternOf,
  type RedisTransportClients,
  type RequestClient,
} from '@gatehouse/redis-transport';
import { firstValueFrom } from 'rxjs';
import type { ProviderClientOptions } from './provider-client-options.js';

const PROVIDER_SERVICE = 'provider-health';

/**
 * How provider-health-service is heard and asked: over the transport of the application, else over one that is opened for
 * the `redis` of the options.
 */
export class ProviderServiceConnection {
  private constructor(
    readonly receiver: BroadcastReceiver<ProviderBroadcasts>,
    private readonly requests: RequestClient<ProviderRequests>,
    private readonly timeoutMs: number,
    /** Ends what was opened here. */
    readonly close: () => Promise<void>,
  ) {}

  /** @throws TypeError where there is neither */
  static async open(
    { redis, namespace, identity }: ProviderClientOptions,
    timeoutMs: number,
    transport?: { receiver: BroadcastReceiver<ProviderBroadcasts>; clients: RedisTransportClients },
  ): Promise<ProviderServiceConnection> {
    if (transport !== undefined) {
      const requests = transport.clients.of(PROVIDER_SERVICE);
      return new ProviderServiceConnection(transport.receiver, requests, timeoutMs, async () => undefined);
    }
    if (redis === undefined)
      throw new TypeError('Give the provider client a redis, or import RedisTransportModule');
    const own = await openTransport<ProviderBroadcasts>({
      ...{ service: 'provider-client', redis, namespace, identity },
    });
    const requests = own.clients.of(PROVIDER_SERVICE);
    return new ProviderServiceConnection(own.receiver, requests, timeoutMs, () => own.close());
  }

  /** Asks in the service's own name. @throws DomainError as a `RequestClient` does */
  ask<P extends PatternOf<ProviderRequests>>(
    pattern: P,
    payload: ProviderRequests[P]['payload'],
    timeoutMs = this.timeoutMs,
  ): Promise<ProviderRequests[P]['answer']> {
    return firstValueFrom(this.requests.send(pattern, payload, { timeoutMs }));
  }
}
