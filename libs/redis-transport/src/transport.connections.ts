import { createRedis, firstConnection, type RedisConnection } from '@gatehouse/redis';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Redis } from 'ioredis';
import type { TransportSettings } from './transport-options.js';
import { TransportKeys } from './transport-keys.js';
import { TRANSPORT_SETTINGS } from './transport.tokens.js';

const START_WAIT_MS = 2_000;

/**
 * The connections of a process: one for commands, one for subscriptions, and one for each stream that it reads.
 * They open in the background and are closed after everything else.
 */
@Injectable()
export class TransportConnections implements OnApplicationShutdown {
  readonly commands: RedisConnection;
  readonly subscriber: Redis;
  readonly keys: TransportKeys;
  private readonly blocking: Redis[] = [];

  constructor(@Inject(TRANSPORT_SETTINGS) private readonly settings: TransportSettings) {
    this.keys = new TransportKeys(settings.namespace, settings.redis.db);
    this.commands = createRedis(settings.redis, { name: `${settings.service}:transport`, role: 'commands' });
    this.subscriber = createRedis(settings.redis, {
      name: `${settings.service}:replies`,
      role: 'subscriber',
    });
    // One subscription for each client and each broadcast that is received.
    this.subscriber.setMaxListeners(0);
  }

  /** Waits a moment for Redis, so that what is sent first is not refused, and goes on without it. */
  async open(): Promise<this> {
    await Promise.all([
      firstConnection(this.commands, START_WAIT_MS),
      firstConnection(this.subscriber, START_WAIT_MS),
    ]);
    return this;
  }

  /** One more connection, for one reader of one stream. */
  openBlocking(stream: string): Redis {
    const redis = createRedis(this.settings.redis, {
      name: `${this.settings.service}:reader:${stream}`,
      role: 'blocking',
      key: stream,
    });
    this.blocking.push(redis);
    return redis;
  }

  onApplicationShutdown(): void {
    for (const redis of [this.commands, this.subscriber, ...this.blocking]) redis.disconnect();
  }
}
