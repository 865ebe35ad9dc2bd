import { isRedisUnavailable } from '@gatehouse/redis';
import { Logger } from '@nestjs/common';
import { type ConsumerGroup, isGroupGone } from './consumer.group.js';
import { type Delivery, isClaimable } from './delivery.js';
import { RepeatingTask } from './repeating.task.js';
import type { TransportLimits } from './transport-options.js';
import type { WorkInHand } from './work-in-hand.js';

const PAGE = 100;

/**
 * Takes over the work of consumers that died, and says of the own work that it is still being done.
 */
export class ClaimKeeper {
  private readonly logger = new Logger(ClaimKeeper.name);
  private readonly claiming: RepeatingTask;
  private readonly renewing: RepeatingTask;
  private readonly every: number;

  constructor(
    private readonly group: ConsumerGroup,
    private readonly work: WorkInHand,
    private readonly limits: TransportLimits,
    private readonly take: (delivery: Delivery) => void,
  ) {
    this.every = limits.claimIdleMs / 4;
    const report = (error: unknown) => this.report(error);
    this.claiming = new RepeatingTask(this.every, () => this.claim(), report);
    this.renewing = new RepeatingTask(this.every, () => this.renew(), report);
  }

  start(): void {
    this.claiming.start();
    this.renewing.start();
  }

  /** Takes over no more; the own work goes on being renewed. */
  async stopClaiming(): Promise<void> {
    await this.claiming.stop();
  }

  async stop(): Promise<void> {
    await Promise.all([this.claiming.stop(), this.renewing.stop()]);
  }

  private async claim(): Promise<void> {
    let after: string | undefined;
    while (this.work.room > 0) {
      const pending = await this.group.idle(this.limits.claimIdleMs, PAGE, after);
      const backOff = !this.group.names.deleteDone;
      const due = pending
        .filter((entry) => !this.work.has(entry.id) && isClaimable(entry, this.limits.claimIdleMs, backOff))
        .slice(0, this.work.room);
      await this.takeOver(new Map(due.map(({ id, deliveries }) => [id, deliveries])));
      after = pending.at(-1)?.id;
      if (pending.length < PAGE) return;
    }
  }

  private async takeOver(deliveries: ReadonlyMap<string, number>): Promise<void> {
    if (deliveries.size === 0) return;
    for (const entry of await this.group.claim([...deliveries.keys()], this.limits.claimIdleMs)) {
      this.take({ entry, count: (deliveries.get(entry.id) ?? 0) + 1 });
    }
  }

  private async renew(): Promise<void> {
    await this.group.renew(this.work.startedBefore(Date.now() - this.every));
  }

  private report(error: unknown): void {
    // The reader says both, and makes the group anew.
    if (isRedisUnavailable(error) || isGroupGone(error)) return;
    this.logger.error({ err: error }, `Could not look after the claims of ${this.group.names.stream}`);
  }
}
