import type { ProviderFailure } from '../classification/provider-failure.js';
import { StreamCutError } from './execution.errors.js';
import type { Attempt } from './execution-options.js';
import { type Interruptible, TimeUpError } from './interruptible.js';
import { type OpenedStream, stop } from './provider-call.js';
import type { ProviderTry } from './provider-try.js';

export interface Monitoring<T> {
  tried: ProviderTry;
  waits: Interruptible;
  idleTimeoutMs: number;
  /** Sees each chunk; true once the stream is complete. Undefined: an end is the end. */
  isComplete: ((chunk: T) => boolean) | undefined;
  judge: (error: unknown) => ProviderFailure;
  /** The outcome is known. */
  onEnd: (attempt: Attempt) => void;
}

const FINISHED = { done: true, value: undefined } as const;

/**
 * Hands on the chunks of a provider and sees how they end. An end before the stream is complete, an error and silence are
 * failures, and thrown. A consumer that stops before the end has seen nothing wrong and nothing to its end: neutral, unless
 * the stream was complete.
 */
export class MonitoredStream<T> implements AsyncIterableIterator<T> {
  private first: { chunk: T } | undefined;
  private readonly iterator: AsyncIterator<T>;
  private last: Promise<unknown> = Promise.resolve();
  private chunks = 0;
  private isComplete = false;
  private isAborted = false;
  private isFinished = false;

  constructor(
    opened: OpenedStream<T>,
    private readonly monitoring: Monitoring<T>,
  ) {
    this.first = { chunk: opened.first };
    this.iterator = opened.iterator;
    monitoring.waits.whenIdle = () => this.abort();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** @throws StreamCutError; the reason of the caller's abort; what the caller's own code threw */
  next(): Promise<IteratorResult<T>> {
    const next = this.last.then(() => this.step());
    this.last = next.catch(() => {});
    return next;
  }

  return(): Promise<IteratorResult<T>> {
    this.finish({ class: 'cancelled', message: 'The consumer stopped before the end' });
    return Promise.resolve(FINISHED);
  }

  private async step(): Promise<IteratorResult<T>> {
    const { waits, idleTimeoutMs, tried } = this.monitoring;
    if (this.isFinished) return this.afterwards();
    try {
      const result =
        this.takeFirst() ??
        (await waits.wait(this.iterator.next(), idleTimeoutMs, (reason) => tried.aborting.abort(reason)));
      if (this.isFinished) return this.afterwards();
      if (result.done === true) return this.ended();
      this.isComplete = this.monitoring.isComplete?.(result.value) === true || this.isComplete;
      this.chunks++;
      return result;
    } catch (error) {
      return this.broken(error);
    }
  }

  private takeFirst(): IteratorYieldResult<T> | undefined {
    const { first } = this;
    this.first = undefined;
    return first && { done: false, value: first.chunk };
  }

  private ended(): IteratorResult<T> {
    const isWhole = this.monitoring.isComplete === undefined || this.isComplete;
    if (isWhole) {
      this.finish();
      return FINISHED;
    }
    throw new IncompleteError();
  }

  private broken(error: unknown): IteratorResult<T> {
    if (this.isFinished) return this.afterwards();
    const { waits, judge, tried } = this.monitoring;
    if (waits.isAborted) {
      this.abort();
      return this.afterwards();
    }
    // Complete is complete, whatever becomes of the connection.
    if (this.isComplete) {
      this.finish();
      return FINISHED;
    }
    const failure = ownFailure(error) ?? judge(error);
    this.finish(failure);
    if (failure.class === 'client' || failure.class === 'cancelled') throw error;
    throw new StreamCutError(tried.provider.name, failure, this.chunks, error);
  }

  /** What comes after the end; an abort in between is told to whoever asks next. */
  private afterwards(): IteratorResult<T> {
    if (this.isAborted) throw this.monitoring.waits.reason;
    return FINISHED;
  }

  private finish(failure?: ProviderFailure): void {
    if (this.isFinished) return;
    this.isFinished = true;
    const { tried, waits, onEnd } = this.monitoring;
    waits.close();
    const isServed = failure === undefined || (failure.class === 'cancelled' && this.isComplete);
    onEnd(isServed ? tried.succeed() : tried.fail(failure));
    if (failure === undefined) return;
    tried.aborting.abort(new Error(failure.message));
    stop(this.iterator);
  }

  private abort(): void {
    this.isAborted = !this.isComplete;
    this.finish({ class: 'cancelled', message: 'The caller aborted' });
  }
}

class IncompleteError extends Error {
  constructor() {
    super('It ended before it was complete');
  }
}

function ownFailure(error: unknown): ProviderFailure | undefined {
  if (error instanceof IncompleteError) return { class: 'network', message: error.message };
  if (error instanceof TimeUpError) return { class: 'timeout', message: error.message };
  return undefined;
}
