import { isRedisUnavailable, type RedisConnection, serverOf } from '@gatehouse/redis';
import { Logger } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { type ConsumerGroup, isGroupGone } from './consumer.group.js';
import type { StreamEntry } from '../messages/message.js';
import type { TransportLimits } from '../transport-options.js';
import type { WorkInHand } from './work-in-hand.js';

const RETRY_MS = 250;
const UNBLOCK_EVERY_MS = 50;

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Reads new entries of one stream for as long as there is room for them. */
export class StreamReader {
  private readonly logger = new Logger(StreamReader.name);
  private stopping = false;
  private ended: Promise<void> | undefined;
  private clientId: number | undefined;
  private groupExists = false;

  constructor(
    private readonly group: ConsumerGroup,
    private readonly blocking: Redis,
    private readonly work: WorkInHand,
    private readonly limits: TransportLimits,
    private readonly take: (entry: StreamEntry) => void,
    private readonly endTurn: <T>(begin: () => Promise<T>) => Promise<T>,
  ) {
    blocking.on('ready', () => this.identify());
    if (blocking.status === 'ready') this.identify();
  }

  start(): void {
    this.ended = this.readOn();
  }

  /**
   * Reads no more; what was read already has been taken.
   *
   * @param commands ends the read that waits, so that nobody waits for it
   */
  async stop(commands: RedisConnection): Promise<void> {
    this.stopping = true;
    this.work.wake();
    let ended = false;
    const end = this.ended?.then(() => {
      ended = true;
    });
    while (!ended) {
      if (this.clientId !== undefined) {
        const server = serverOf(commands, this.group.names.stream);
        await server?.client('UNBLOCK', this.clientId).catch(() => undefined);
      }
      await Promise.race([end, pause(UNBLOCK_EVERY_MS)]);
    }
  }

  private async readOn(): Promise<void> {
    let busy = false;
    while (!this.stopping) {
      if (this.work.room <= 0) {
        await this.work.change();
        continue;
      }
      try {
        const entries: StreamEntry[] = await (busy ? this.endTurn(() => this.readSome()) : this.readSome());
        busy = entries.length > 0;
        for (const entry of entries) this.take(entry);
      } catch (error) {
        await this.recover(error);
      }
    }
  }

  private async readSome(): Promise<StreamEntry[]> {
    if (!this.groupExists) await this.group.ensure();
    this.groupExists = true;
    const count = Math.min(this.work.room, this.limits.batchSize);
    return this.group.read(this.blocking, count, this.limits.blockMs);
  }

  private async recover(error: unknown): Promise<void> {
    this.groupExists = false;
    if (isGroupGone(error)) {
      this.logger.warn(`The group of ${this.group.names.stream} is gone, it is made anew`);
    } else if (!isRedisUnavailable(error)) {
      this.logger.error({ err: error }, `Could not read ${this.group.names.stream}`);
    }
    if (!this.stopping) await pause(isGroupGone(error) ? UNBLOCK_EVERY_MS : RETRY_MS);
  }

  private identify(): void {
    this.clientId = undefined;
    this.blocking.client('ID').then(
      (id) => {
        this.clientId = id;
      },
      () => undefined,
    );
  }
}
