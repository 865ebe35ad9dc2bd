import { isRedisUnavailable } from '@gatehouse/redis';
import { Logger } from '@nestjs/common';
import { type ConsumerGroup, isGroupGone } from './consumer.group.js';
import { type Delivery, isClaimable, isSuspect } from './delivery.js';
import type { PendingEntry } from './pending-entry.js';
import { RepeatingTask } from '../repeating.task.js';
import type { TransportLimits } from '../transport-options.js';
import type { WorkInHand } from './work-in-hand.js';

const PAGE = 100;

/**
 * Takes over the work of consumers that died, and says of the own work that it is still being done. Suspects are taken
 * one at a time, the next when the one has ended or has not killed the process for a while: one that does kill it takes
 * no other with it.
 */
export class ClaimKeeper {
  private readonly logger = new Logger(ClaimKeeper.name);
  private readonly claiming: RepeatingTask;
  private readonly renewing: RepeatingTask;
  private readonly every: number;
  private suspect: { readonly id: string; readonly since: number } | undefined;
  private turn: Promise<void> = Promise.resolve();
  private stopped = false;

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
    this.stopped = true;
    await this.claiming.stop();
    await this.turn.catch(() => undefined);
  }

  async stop(): Promise<void> {
    await Promise.all([this.stopClaiming(), this.renewing.stop()]);
  }

  /** One run at a time. */
  private claim(): Promise<void> {
    this.turn = this.turn.catch(() => undefined).then(() => this.claimDue());
    return this.turn;
  }

  private async claimDue(): Promise<void> {
    let after: string | undefined;
    // What something here waits for is always claimed, also when there is no room: nothing else makes any.
    while (!this.stopped && (this.work.claimRoom > 0 || this.work.size > this.work.running)) {
      const pending = await this.group.idle(this.limits.claimIdleMs, PAGE, after);
      const before = this.suspect;
      await this.takeOver(this.choose(pending));
      if (this.suspect !== before) void this.afterSuspect(this.suspect);
      after = pending.at(-1)?.id;
      if (pending.length < PAGE) return;
    }
  }

  private choose(pending: readonly PendingEntry[]): PendingEntry[] {
    const { claimIdleMs, maxDeliveries } = this.limits;
    const backOff = !this.group.names.deleteDone;
    let room = this.work.claimRoom;
    return pending.filter((entry) => {
      if (this.work.has(entry.id) || !isClaimable(entry, claimIdleMs, backOff)) return false;
      if (this.work.isAwaited(entry.id)) return true;
      if (room <= 0 || (isSuspect(entry, maxDeliveries) && !this.beginSuspect(entry))) return false;
      room--;
      return true;
    });
  }

  /** @returns false while another one is at work and might yet kill the process */
  private beginSuspect({ id }: PendingEntry): boolean {
    const now = performance.now();
    if (this.suspect !== undefined && now - this.suspect.since < this.limits.claimIdleMs) return false;
    this.suspect = { id, since: now };
    return true;
  }

  /** Goes on with the next one at once. */
  private async afterSuspect(suspect: ClaimKeeper['suspect']): Promise<void> {
    while (suspect !== undefined && this.work.isAtWork(suspect.id)) await this.work.change();
    if (this.suspect !== suspect) return;
    this.suspect = undefined;
    await this.claim().catch((error: unknown) => this.report(error));
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
    await this.group.renew(this.work.startedBefore(performance.now() - this.every));
  }

  private report(error: unknown): void {
    // The reader says both, and makes the group anew.
    if (isRedisUnavailable(error) || isGroupGone(error)) return;
    this.logger.error({ err: error }, `Could not look after the claims of ${this.group.names.stream}`);
  }
}
