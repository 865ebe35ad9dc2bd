import type { Clock } from './clock.js';

/** The time that a wait was given is up. */
export class TimeUpError extends Error {
  constructor(ms: number) {
    super(`No answer within ${Math.round(ms)} ms`);
    this.name = 'TimeoutError';
  }
}

/**
 * The waits of one execution, one at a time: each ends with its work, with its time, or with the caller's abort, whichever
 * comes first. What comes later is ignored. One listener on the caller's signal, until `close`.
 */
export class Interruptible {
  /** Told of the caller's abort while nothing is waited for. */
  whenIdle?: (reason: unknown) => void;
  private interrupt?: (reason: unknown) => void;
  private readonly onAbort = () => (this.interrupt ?? this.whenIdle)?.(this.signal?.reason);

  constructor(
    private readonly clock: Clock,
    private readonly signal?: AbortSignal,
  ) {
    signal?.addEventListener('abort', this.onAbort);
  }

  get isAborted(): boolean {
    return this.signal?.aborted === true;
  }

  /** Of the caller's abort. */
  get reason(): unknown {
    return this.signal?.reason as unknown;
  }

  /**
   * @param onEnd what to stop when the time is up or the caller aborts; told why
   * @throws TimeUpError, or the reason of the caller's abort
   */
  wait<T>(work: Promise<T>, ms: number, onEnd: (reason: unknown) => void = () => {}): Promise<T> {
    let refuse: (reason: unknown) => void = () => {};
    const ended = new Promise<never>((_resolve, reject) => (refuse = reject));
    const end = (reason: unknown) => {
      settle();
      refuse(reason);
      onEnd(reason);
    };
    const cancelTimer = this.clock.after(ms, () => end(new TimeUpError(ms)));
    const settle = () => {
      cancelTimer();
      if (this.interrupt === end) this.interrupt = undefined;
    };
    this.interrupt = end;
    work.then(settle, settle);
    if (this.isAborted) end(this.reason);
    return Promise.race([work, ended]);
  }

  /** @throws the reason of the caller's abort */
  async sleep(ms: number): Promise<void> {
    await this.wait(new Promise<never>(() => {}), ms).catch((reason: unknown) => {
      if (!(reason instanceof TimeUpError)) throw reason;
    });
  }

  /** Ends what is waited for, and listens no more. */
  close(): void {
    this.interrupt?.(new Error('Nobody waits any more'));
    this.signal?.removeEventListener('abort', this.onAbort);
  }
}
