import { HashingSaturatedError } from './passwords.errors.js';

export interface HashingQueueLimits {
  /** Hashes at work at the same time: no more than there are cores, since each takes one whole. */
  concurrency: number;
  /** Most that may wait. */
  maxWaiting: number;
  /** A hash that has not begun by then is given up: its caller has better things to hear. */
  maxWaitMs: number;
}

interface Waiting {
  begin: () => void;
  timer: NodeJS.Timeout;
}

/**
 * Bounds the work that a login flood can cause. argon2 takes a core and 19 MiB for each hash: unbounded, it starves every
 * other route and then the memory. What does not fit is refused at once, what waits too long in time.
 */
export class HashingQueue {
  private running = 0;
  private readonly waiting = new Set<Waiting>();

  constructor(private readonly limits: HashingQueueLimits) {}

  /** @throws HashingSaturatedError (503) when there is no room, or no turn in time */
  async run<T>(task: () => Promise<T>): Promise<T> {
    if (this.running >= this.limits.concurrency) await this.turn();
    else this.running++;
    try {
      return await task();
    } finally {
      this.next();
    }
  }

  private turn(): Promise<void> {
    if (this.waiting.size >= this.limits.maxWaiting) return Promise.reject(new HashingSaturatedError());
    return new Promise((resolve, reject) => {
      const place: Waiting = {
        begin: resolve,
        timer: setTimeout(() => {
          this.waiting.delete(place);
          reject(new HashingSaturatedError());
        }, this.limits.maxWaitMs),
      };
      this.waiting.add(place);
    });
  }

  /** Hands the place to the one that has waited longest, or frees it. */
  private next(): void {
    const [first] = this.waiting;
    if (first === undefined) {
      this.running--;
      return;
    }
    this.waiting.delete(first);
    clearTimeout(first.timer);
    first.begin();
  }
}
