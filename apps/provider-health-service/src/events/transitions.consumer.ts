import { setTimeout as sleep } from 'node:timers/promises';
import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { DatabaseConnection } from '@gatehouse/database';
import { createRedis, REDIS, type RedisConnection, toFields } from '@gatehouse/redis';
import type { StatusChange } from '@gatehouse/provider-health-contracts';
import type { Redis } from 'ioredis';
import { HealthPublisher } from '../health-tracking/health.publisher.js';
import { ProviderHealthKeys } from '../health-tracking/provider-health-keys.js';
import { ProviderHealthEnvironment } from '../provider-health.environment.js';
import { readMisconfiguration, readTransition } from './transition-record.js';
import { TransitionRecorder } from './transition.recorder.js';

const BATCH = 50;
const BLOCK_MS = 1_000;
const PAUSE_MS = 500;

type Entry = [id: string, fields: string[]];

/**
 * Takes transitions from the head of the stream that the script appends to and has them written down, in that order. An
 * entry leaves the stream after it was committed.
 *
 * Every replica does this, without a word to the others: to record a transition waits for whoever is recording the same
 * one and then changes nothing, so a replica comes to the next only when the one before is there. Whichever replica dies,
 * nothing waits for it, and the transitions of a provider reach the trail in their order.
 */
@Injectable()
export class TransitionsConsumer implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(TransitionsConsumer.name);
  private readonly stream: string;
  private readonly blocking: Redis;
  private readonly stopping = new AbortController();
  private work: Promise<void> = Promise.resolve();

  constructor(
    environment: ProviderHealthEnvironment,
    @Inject(REDIS) private readonly redis: RedisConnection,
    private readonly database: DatabaseConnection,
    private readonly recorder: TransitionRecorder,
    private readonly publisher: HealthPublisher,
  ) {
    this.stream = new ProviderHealthKeys(environment.namespace).transitions;
    this.blocking = createRedis(environment.redis, {
      name: 'provider-health-service:transitions',
      role: 'blocking',
      key: this.stream,
    });
  }

  onApplicationBootstrap(): void {
    this.work = this.run();
  }

  /** Finishes what is in hand; the rest stays in the stream. */
  async onModuleDestroy(): Promise<void> {
    this.stopping.abort();
    this.blocking.disconnect();
    await this.work;
  }

  private async run(): Promise<void> {
    let said = false;
    await this.database.whenReady().catch(() => {});
    while (!this.stopping.signal.aborted) {
      try {
        for (const entry of await this.head()) await this.record(entry);
        said = false;
      } catch (error) {
        if (this.stopping.signal.aborted) return;
        if (!said) this.logger.warn({ err: error }, 'Transitions wait in the stream, trying again');
        said = true;
        await sleep(PAUSE_MS, undefined, { signal: this.stopping.signal }).catch(() => {});
      }
    }
  }

  /** The oldest entries; waits a moment when there are none. */
  private async head(): Promise<Entry[]> {
    const read = await this.blocking.xread('COUNT', BATCH, 'BLOCK', BLOCK_MS, 'STREAMS', this.stream, '0');
    return read?.[0]?.[1] ?? [];
  }

  private async record([id, fields]: Entry): Promise<void> {
    if (this.stopping.signal.aborted) return;
    const misconfiguration = readMisconfiguration(toFields(fields));
    const change = misconfiguration === undefined ? this.read(fields) : undefined;
    if (misconfiguration !== undefined) await this.recorder.recordMisconfiguration(misconfiguration);
    if (change !== undefined) await this.recorder.record(change, () => this.has(id));
    if (change !== undefined) this.publisher.announceAgain(change.provider);
    await this.redis.xdel(this.stream, id);
  }

  /** Whoever wrote it down has removed it; a Redis that came back with older data, or was emptied, does not have it. */
  private async has(id: string): Promise<boolean> {
    return (await this.redis.xrange(this.stream, id, id)).length === 1;
  }

  /** What is no transition must not hold up those behind it: it is said with all that it holds, and left out. */
  private read(fields: string[]): StatusChange | undefined {
    try {
      return readTransition(toFields(fields));
    } catch (error) {
      this.logger.error({ err: error, fields }, 'An entry of the stream is no transition');
      return undefined;
    }
  }
}
