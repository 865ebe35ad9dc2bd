import { Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { AuthBroadcasts, AuthRequests } from '@gatehouse/auth-contracts';
import { DependencyUnavailableError } from '@gatehouse/problem-details';
import {
  type BroadcastReceiver,
  openTransport,
  type PatternOf,
  type RedisTransportClients,
  type RequestClient,
} from '@gatehouse/redis-transport';
import { firstValueFrom } from 'rxjs';
import type { AccessControlOptions } from './access-control-options.js';

const AUTH_SERVICE = 'auth';
const TIMEOUT_MS = 3_000;

/** What of the transport is needed to hear auth-service and to ask it. */
interface Link {
  receiver: BroadcastReceiver<AuthBroadcasts>;
  requests: RequestClient<AuthRequests>;
  close?: () => Promise<void>;
}

/**
 * How auth-service is heard and asked: over the transport of the application, else over one that is opened for the
 * `redis` of the options. Without either nothing is heard, which is said at the start.
 */
export class AuthServiceConnection implements OnApplicationShutdown {
  private constructor(private readonly link?: Link) {}

  static async open(
    { redis, namespace, revocations }: Pick<AccessControlOptions, 'redis' | 'namespace' | 'revocations'>,
    receiver?: BroadcastReceiver<AuthBroadcasts>,
    clients?: RedisTransportClients,
  ): Promise<AuthServiceConnection> {
    if (receiver !== undefined && clients !== undefined)
      return new AuthServiceConnection({ receiver, requests: clients.of(AUTH_SERVICE) });
    if (redis === undefined) {
      if (revocations === undefined)
        new Logger(AuthServiceConnection.name).warn(
          'No Redis is configured: revocations are off, and only the built-in roles are known',
        );
      return new AuthServiceConnection();
    }
    const own = await openTransport<AuthBroadcasts>({ service: 'access-control', redis, namespace });
    const requests = own.clients.of(AUTH_SERVICE);
    return new AuthServiceConnection({ receiver: own.receiver, requests, close: () => own.close() });
  }

  /** Undefined where nothing is heard. */
  get receiver(): BroadcastReceiver<AuthBroadcasts> | undefined {
    return this.link?.receiver;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.link?.close?.();
  }

  /** @throws DomainError as a `RequestClient` does */
  ask<P extends PatternOf<AuthRequests>>(
    pattern: P,
    payload: AuthRequests[P]['payload'],
  ): Promise<AuthRequests[P]['answer']> {
    if (this.link === undefined) return Promise.reject(new DependencyUnavailableError('auth-service'));
    return firstValueFrom(
      this.link.requests.send(pattern, payload, {
        timeoutMs: TIMEOUT_MS,
        // Who verifies needs no identity of its own for that.
        token: null,
      }),
    );
  }
}
