import type { HashingQueueLimits } from './hashing-limits.js';
import { OverloadedError, RequestAbandonedError } from './passwords.errors.js';

/** How long somebody waits for a turn. */
export interface Patience {
  /** Aborted when nobody waits for the task any more; a task that has begun goes on. */
  signal?: AbortSignal;
  /** When it is over, by `performance.now()`; what the queue allows unless it is given. */
  until?: number;
}

interface Waiting {
  begin: () => void;
  leave: (reason: Error) => void;
}

/**
 * Bounds the work that a login flood can cause. argon2 takes a core and 19 MiB for each hash: unbounded, it starves every
 * other route and then the memory. What does not fit is refused at once, what waits too long in time, and whose caller has
 * gone leaves the queue.
 */
export class HashingQueue {
  private running = 0;
  private readonly waiting = new Set<Waiting>();

  constructor(private readonly limits: HashingQueueLimits) {}

  /** Whether a task would begin at once. */
  get hasRoom(): boolean {
    return this.running < this.limits.concurrency;
  }

  get isIdle(): boolean {
    return this.running === 0;
  }

  get length(): number {
    return this.waiting.size;
  }

  /**
   * @throws OverloadedError (503) when there is no room, or no turn in time
   * @throws RequestAbandonedError
   */
  async run<T>(task: () => Promise<T>, patience: Patience = {}): Promise<T> {
    if (patience.signal?.aborted === true) throw new RequestAbandonedError();
    if (this.hasRoom) this.running++;
    else await this.turn(patience);
    try {
      return await task();
    } finally {
      this.next();
    }
  }

  private turn({ signal, until }: Patience): Promise<void> {
    const { maxWaiting, maxWaitMs } = this.limits;
    const patienceMs = until === undefined ? maxWaitMs : until - performance.now();
    if (this.waiting.size >= maxWaiting || patienceMs <= 0) return Promise.reject(new OverloadedError());
    return new Promise((resolve, reject) => {
      const end = () => {
        this.waiting.delete(place);
        clearTimeout(timer);
        signal?.removeEventListener('abort', abandon);
      };
      const place: Waiting = {
        begin: () => (end(), resolve()),
        leave: (reason) => (end(), reject(reason)),
      };
      const abandon = () => place.leave(new RequestAbandonedError());
      const timer = setTimeout(() => place.leave(new OverloadedError()), patienceMs);
      signal?.addEventListener('abort', abandon);
      this.waiting.add(place);
    });
  }

  /** Hands the place to the one that has waited longest, or frees it. */
  private next(): void {
    const [first] = this.waiting;
    if (first === undefined) this.running--;
    else first.begin();
  }
}
