import { isRedisUnavailable, loadScript, type RedisConnection } from '@gatehouse/redis';
import { Logger } from '@nestjs/common';
import { type ConsumerGroup, isGroupGone } from './consumer.group.js';
import { RepeatingTask } from '../repeating.task.js';
import type { TransportLimits } from '../transport-options.js';

const forgetKeys = loadScript(new URL('../../lua/streams/forget-keys.lua', import.meta.url));
const trimEvents = loadScript(new URL('../../lua/streams/trim-events.lua', import.meta.url));

const KEYS_AT_ONCE = 500;

/** Removes what is left behind: consumers that died, events that every group has acknowledged, keys without events. */
export class GroupHousekeeper {
  private readonly logger = new Logger(GroupHousekeeper.name);
  private readonly task: RepeatingTask;
  private cursor = '0';

  constructor(
    private readonly group: ConsumerGroup,
    private readonly redis: RedisConnection,
    private readonly limits: TransportLimits,
    /** Name of the hash of the last event of each key; undefined for requests. */
    private readonly keys: string | undefined,
  ) {
    this.task = new RepeatingTask(
      limits.housekeepingMs,
      () => this.tidy(),
      (error) => this.report(error),
    );
  }

  start(): void {
    this.task.start();
  }

  async stop(): Promise<void> {
    await this.task.stop();
  }

  private async tidy(): Promise<void> {
    await this.group.removeDead(this.limits.deadConsumerMs);
    if (this.keys === undefined) return;
    const { stream } = this.group.names;
    await trimEvents.run(this.redis, [stream], [this.limits.maxQueuedEvents]);
    await this.forgetKeys(stream, this.keys);
  }

  /** Goes on while many of the keys that it sees have no event any more. */
  private async forgetKeys(stream: string, keys: string): Promise<void> {
    let lookedAt: number;
    let forgotten: number;
    do {
      const answer = await forgetKeys.run(this.redis, [stream, keys], [this.cursor, KEYS_AT_ONCE]);
      [this.cursor, lookedAt, forgotten] = answer as [string, number, number];
    } while (this.cursor !== '0' && forgotten * 4 > lookedAt);
  }

  private report(error: unknown): void {
    // The reader says both, and makes the group anew.
    if (isRedisUnavailable(error) || isGroupGone(error)) return;
    this.logger.error({ err: error }, `Could not tidy ${this.group.names.stream}`);
  }
}
