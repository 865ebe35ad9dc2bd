/** The entries at work, at most so many at a time, and since when. */
export class WorkInHand {
  private readonly startedAt = new Map<string, number>();
  private waiting: (() => void)[] = [];

  constructor(private readonly most: number) {}

  get size(): number {
    return this.startedAt.size;
  }

  /** How many more may be taken. */
  get room(): number {
    return this.most - this.startedAt.size;
  }

  has(id: string): boolean {
    return this.startedAt.has(id);
  }

  start(id: string, now: number): void {
    this.startedAt.set(id, now);
  }

  end(id: string): void {
    if (this.startedAt.delete(id)) this.wake();
  }

  /** Entries that were at work already at that time. */
  startedBefore(time: number): string[] {
    return [...this.startedAt].filter(([, since]) => since <= time).map(([id]) => id);
  }

  /** Resolves when something ended, or `wake` was called. */
  change(): Promise<void> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  wake(): void {
    const waiting = this.waiting;
    this.waiting = [];
    for (const resume of waiting) resume();
  }
}
