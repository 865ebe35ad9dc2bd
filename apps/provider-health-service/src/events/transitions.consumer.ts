import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { DatabaseConnection } from '@gatehouse/database';
import { createRedis, REDIS, toFields } from '@gatehouse/redis';
import type { Redis } from 'ioredis';
import { ProviderHealthKeys } from '../health-tracking/provider-health-keys.js';
import { ProviderHealthEnvironment } from '../provider-health.environment.js';
import { readTransition } from './transition-record.js';
import { TransitionRecorder } from './transition.recorder.js';

const GROUP = 'recorder';
const BATCH = 50;
const BLOCK_MS = 1_000;
/** What a replica took and did not finish is taken over by another after this. */
const CLAIM_IDLE_MS = 3_000;
const PAUSE_MS = 500;

type Entry = [id: string, fields: string[] | null];

/**
 * Takes transitions from the stream that the script appends to and has them written down. The replicas share the work; an
 * entry leaves the stream after it was committed, and one that was taken by a replica that died is taken again. A second
 * recording changes nothing.
 */
@Injectable()
export class TransitionsConsumer implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(TransitionsConsumer.name);
  private readonly consumer = randomUUID();
  private readonly stream: string;
  private readonly blocking: Redis;
  private readonly stopping = new AbortController();
  private work: Promise<void> = Promise.resolve();

  constructor(
    environment: ProviderHealthEnvironment,
    @Inject(REDIS) private readonly redis: Redis,
    private readonly database: DatabaseConnection,
    private readonly recorder: TransitionRecorder,
  ) {
    this.stream = new ProviderHealthKeys(environment.namespace).transitions;
    this.blocking = createRedis(environment.redis, {
      name: 'provider-health-service:transitions',
      role: 'blocking',
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
        for (const entry of await this.take()) await this.record(entry);
        said = false;
      } catch (error) {
        if (this.stopping.signal.aborted) return;
        if (!said) this.logger.warn({ err: error }, 'Transitions wait in the stream, trying again');
        said = true;
        await sleep(PAUSE_MS, undefined, { signal: this.stopping.signal }).catch(() => {});
      }
    }
  }

  /** What somebody took and left, else what is new. */
  private async take(): Promise<Entry[]> {
    await this.ensureGroup();
    const left = (await this.redis.xautoclaim(
      this.stream,
      GROUP,
      this.consumer,
      CLAIM_IDLE_MS,
      '0-0',
      'COUNT',
      BATCH,
    )) as [string, Entry[]];
    if (left[1].length > 0) return left[1];
    const read = (await this.blocking.xreadgroup(
      ...([
        'GROUP',
        GROUP,
        this.consumer,
        'COUNT',
        BATCH,
        'BLOCK',
        BLOCK_MS,
        'STREAMS',
        this.stream,
        '>',
      ] as const),
    )) as [string, Entry[]][] | null;
    return read?.[0]?.[1] ?? [];
  }

  private async record([id, fields]: Entry): Promise<void> {
    if (fields !== null) await this.recorder.record(readTransition(toFields(fields)));
    await this.redis.multi().xack(this.stream, GROUP, id).xdel(this.stream, id).exec();
  }

  private async ensureGroup(): Promise<void> {
    try {
      await this.redis.xgroup('CREATE', this.stream, GROUP, '0', 'MKSTREAM');
    } catch (error) {
      if (!(error instanceof Error && error.message.startsWith('BUSYGROUP'))) throw error;
    }
  }
}
