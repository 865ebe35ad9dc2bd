import { isRedisUnavailable } from '@gatehouse/redis';
import { Logger } from '@nestjs/common';
import { type ConsumerGroup, isGroupGone } from './consumer.group.js';
import { type Delivery, isClaimable } from './delivery.js';
import type { PendingEntry } from './pending-entry.js';
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
    // What something here waits for is always claimed, also when there is no room: nothing else makes any.
    while (this.work.claimRoom > 0 || this.work.size > this.work.running) {
      const pending = await this.group.idle(this.limits.claimIdleMs, PAGE, after);
      const backOff = !this.group.names.deleteDone;
      const due = pending.filter(
        (entry) => !this.work.has(entry.id) && isClaimable(entry, this.limits.claimIdleMs, backOff),
      );
      const room = this.work.claimRoom;
      await this.takeOver(due.filter(({ id }, index) => index < room || this.work.isAwaited(id)));
      after = pending.at(-1)?.id;
      if (pending.length < PAGE) return;
    }
  }

  private async takeOver(due: readonly PendingEntry[]): Promise<void> {
    if (due.length === 0) return;
    const before = new Map(due.map((pending) => [pending.id, pending]));
    const entries = await this.group.claim([...before.keys()], this.limits.claimIdleMs);
    for (const entry of entries) this.take({ entry, count: (before.get(entry.id)?.deliveries ?? 0) + 1 });
    await this.noteSilence(entries.flatMap(({ id }) => before.get(id) ?? []));
  }

  /** Whoever had them said nothing of a failure, or this is not noted: it died, or was cut off. */
  private async noteSilence(taken: readonly PendingEntry[]): Promise<void> {
    const at = new Date().toISOString();
    const attempts = taken
      .filter(({ deliveries }) => deliveries > 0)
      .map(({ id, deliveries, consumer }) => ({ id, delivery: deliveries, consumer, at }));
    if (attempts.length > 0) await this.group.noteAttempts(attempts);
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
