import { isFailure, type QueuedOutcome } from './queued-outcome.js';

/**
 * The outcomes that the fleet has not counted yet, in the order in which they were recorded.
 *
 * It takes so many and no more: then the oldest successes make room, and where there are only failures the oldest of
 * these.
 */
export class OutcomeQueue {
  private waiting: QueuedOutcome[] = [];
  private underWay: readonly QueuedOutcome[] = [];
  private last = 0;

  /** @param most may wait */
  constructor(private readonly most: number) {}

  /** How many wait. */
  get length(): number {
    return this.waiting.length;
  }

  /** The ordinal of the last one that was recorded. */
  get lastOrdinal(): number {
    return this.last;
  }

  /** @returns how many had to make room */
  push(outcome: Omit<QueuedOutcome, 'ordinal'>): number {
    const dropped = this.waiting.length < this.most ? 0 : this.shed();
    const queued = outcome as QueuedOutcome;
    queued.ordinal = ++this.last;
    this.waiting.push(queued);
    return dropped;
  }

  /**
   * Takes a batch out, until it is settled or put back. The providers that have failed go first; the outcomes of one
   * provider stay in their order, since runs are what they are counted for.
   */
  take(count: number): readonly QueuedOutcome[] {
    const failing = new Set(
      this.waiting.filter(({ outcome }) => isFailure(outcome)).map(({ outcome }) => outcome.name),
    );
    const [first, then] = [true, false].map((wanted) =>
      this.waiting.filter(({ outcome }) => failing.has(outcome.name) === wanted),
    ) as [QueuedOutcome[], QueuedOutcome[]];
    const batch = [...first, ...then].slice(0, count);
    const taken = new Set(batch);
    this.waiting = this.waiting.filter((queued) => !taken.has(queued));
    this.underWay = batch;
    return batch;
  }

  /** Puts back the end of the batch, for a later one. */
  putBack(outcomes: readonly QueuedOutcome[]): void {
    const back = new Set(outcomes);
    this.underWay = this.underWay.filter((queued) => !back.has(queued));
    this.waiting.unshift(...outcomes);
  }

  /** The batch needs nothing more. */
  settle(): void {
    this.underWay = [];
  }

  /** Those of a provider, or of all, that were not settled; those of one provider in their order. */
  unsettled(name?: string): QueuedOutcome[] {
    const all = [...this.underWay, ...this.waiting];
    return name === undefined ? all : all.filter(({ outcome }) => outcome.name === name);
  }

  /** Whether none is left of those up to this ordinal. */
  isSettledTo(ordinal: number): boolean {
    return this.unsettled().every((queued) => queued.ordinal > ordinal);
  }

  /** Makes room for some at once, so that it is not searched through for each. */
  private shed(): number {
    let toDrop = Math.max(1, Math.floor(this.most / 100));
    const before = this.waiting.length;
    this.waiting = this.waiting.filter(({ outcome }) => isFailure(outcome) || toDrop-- <= 0);
    if (this.waiting.length === before) this.waiting.splice(0, Math.max(1, Math.floor(this.most / 100)));
    return before - this.waiting.length;
  }
}
