import type { Clock } from '../src/execution/clock.js';

/** A clock that stands still until told. */
export class FakeClock implements Clock {
  private time = 1_000;
  private readonly timers = new Set<{ at: number; run: () => void }>();

  now(): number {
    return this.time;
  }

  date(): number {
    return Date.UTC(2026, 0, 1) + this.time;
  }

  after(ms: number, run: () => void): () => void {
    const timer = { at: this.time + ms, run };
    this.timers.add(timer);
    return () => this.timers.delete(timer);
  }

  get timersLeft(): number {
    return this.timers.size;
  }

  /** Lets what is due happen, in its order, with whatever follows from it. */
  async advance(ms: number): Promise<void> {
    const until = this.time + ms;
    for (;;) {
      await settled();
      const [next] = [...this.timers].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at);
      if (next === undefined) break;
      this.timers.delete(next);
      this.time = Math.max(this.time, next.at);
      next.run();
    }
    this.time = until;
    await settled();
  }
}

/** Whatever follows from promises that are settled has happened. */
export const settled = () => new Promise<void>((resolve) => setImmediate(resolve));
