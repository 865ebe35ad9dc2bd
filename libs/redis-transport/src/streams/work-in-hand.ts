/**
 * The entries that this process has taken and not ended, and since when. At most so many are at work at a time. An
 * entry that waits for another one is parked: it has a place here, and its claim is renewed, but it is not at work,
 * so that what it waits for can still be taken.
 */
export class WorkInHand {
  private readonly startedAt = new Map<string, number>();
  private readonly parked = new Map<string, string>();
  private waiting: (() => void)[] = [];

  constructor(private readonly most: number) {}

  get size(): number {
    return this.startedAt.size;
  }

  /** How many are at work and not parked. */
  get running(): number {
    return this.startedAt.size - this.parked.size;
  }

  /** How many new ones may be read: what is parked takes a place, so that a blocked key does not fill the memory. */
  get room(): number {
    return this.most - this.startedAt.size;
  }

  /** How many may be claimed: what is parked takes no place, up to a bound, since it may wait for one of these. */
  get claimRoom(): number {
    return this.parked.size >= 4 * this.most ? 0 : Math.max(0, this.most - this.running);
  }

  has(id: string): boolean {
    return this.startedAt.has(id);
  }

  /** Whether it is in hand, and not parked. */
  isAtWork(id: string): boolean {
    return this.startedAt.has(id) && !this.parked.has(id);
  }

  /** Whether something parked here waits for the entry. */
  isAwaited(id: string): boolean {
    return [...this.parked.values()].includes(id);
  }

  start(id: string, now: number): void {
    this.startedAt.set(id, now);
  }

  end(id: string): void {
    this.parked.delete(id);
    if (this.startedAt.delete(id)) this.wake();
  }

  /** @param awaited the entry that it waits for */
  park(id: string, awaited: string): void {
    if (this.startedAt.has(id)) this.parked.set(id, awaited);
    this.wake();
  }

  /** Resolves when the parked entry may be at work again, which it is then. */
  async resume(id: string): Promise<void> {
    while (this.parked.has(id) && this.running >= this.most) await this.change();
    this.parked.delete(id);
  }

  /** Whether the entry was at work already at that time. */
  isSince(id: string, time: number): boolean {
    return (this.startedAt.get(id) ?? Number.POSITIVE_INFINITY) <= time;
  }

  /** Entries that were at work already at that time. */
  startedBefore(time: number): string[] {
    return [...this.startedAt].filter(([, since]) => since <= time).map(([id]) => id);
  }

  /** Resolves when something ended or was parked, or `wake` was called. */
  change(): Promise<void> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  wake(): void {
    if (this.waiting.length === 0) return;
    const waiting = this.waiting;
    this.waiting = [];
    for (const resume of waiting) resume();
  }
}
