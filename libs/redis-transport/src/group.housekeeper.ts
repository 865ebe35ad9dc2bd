import { isRedisUnavailable, loadScript, type RedisConnection } from '@gatehouse/redis';
import { Logger } from '@nestjs/common';
import { type ConsumerGroup, isGroupGone } from './consumer.group.js';
import { RepeatingTask } from './repeating.task.js';
import type { TransportLimits } from './transport-options.js';

const trimEvents = loadScript(new URL('../lua/trim-events.lua', import.meta.url));

/** Removes what is left behind: consumers that died, and events that every group has acknowledged. */
export class GroupHousekeeper {
  private readonly logger = new Logger(GroupHousekeeper.name);
  private readonly task: RepeatingTask;

  constructor(
    private readonly group: ConsumerGroup,
    private readonly redis: RedisConnection,
    private readonly limits: TransportLimits,
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
    const { stream, deleteDone } = this.group.names;
    if (!deleteDone) await trimEvents.run(this.redis, [stream], [this.limits.maxQueuedEvents]);
  }

  private report(error: unknown): void {
    // The reader says both, and makes the group anew.
    if (isRedisUnavailable(error) || isGroupGone(error)) return;
    this.logger.error({ err: error }, `Could not tidy ${this.group.names.stream}`);
  }
}
