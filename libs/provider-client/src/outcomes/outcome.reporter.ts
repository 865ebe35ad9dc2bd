import { randomUUID } from 'node:crypto';
import { Logger } from '@nestjs/common';
import {
  MOST_OUTCOMES,
  type OutcomesAnswer,
  type RecordOutcomes,
} from '@gatehouse/provider-health-contracts';
import { type AfterFailure, afterFailure, retryDelayMs } from './delivery-failure.js';
import type { OutcomeQueue } from './outcome-queue.js';
import { asSent, isAcceptable, isFailure, type QueuedOutcome } from './queued-outcome.js';

/** Why an outcome is not counted by the fleet. */
export type DropReason = 'overflow' | 'refused' | 'shutdown';

const SAID = {
  again: 'Outcomes cannot be reported and wait; this process goes on by itself',
  never: 'Outcomes were refused',
};

/** What becomes of outcomes. */
export interface OutcomeListener {
  recorded(queued: QueuedOutcome): void;
  /** A batch was answered: counted, or refused for ever. */
  answered(): void;
  /** A batch failed and is sent again, or is not answered in time. */
  unanswered(): void;
  delivered(count: number): void;
  dropped(reason: DropReason, count: number): void;
}

export interface OutcomeReporterOptions {
  send: (batch: RecordOutcomes) => Promise<OutcomesAnswer>;
  /** By the clock of Redis, milliseconds since 1970. */
  now: () => number;
  /** A batch leaves after so long, or with so many. */
  batchMs: number;
  batchSize: number;
  /** A batch that was not answered for so long is taken for unanswered. */
  answerWithinMs: number;
}

/**
 * Tells provider-health-service of outcomes, without a wait for whoever had them. One batch is under way at a time: what was
 * counted of this process is one number, which must not be overtaken. It is sent again, the same outcomes by the same numbers,
 * until it is answered. A failure does not wait for its batch to fill.
 */
export class OutcomeReporter {
  private readonly logger = new Logger('OutcomeReporter');
  private readonly reporter = randomUUID();
  private sequence = 1;
  private timer?: NodeJS.Timeout;
  private hasUrgent = false;
  private running?: Promise<void>;
  private skipDelay: () => void = () => undefined;
  private endsAt = Number.POSITIVE_INFINITY;
  private readonly said = new Set<string>();

  constructor(
    private readonly queue: OutcomeQueue,
    private readonly options: OutcomeReporterOptions,
    private readonly listener: OutcomeListener,
  ) {}

  /** Takes an outcome, and returns at once. */
  record(outcome: Omit<QueuedOutcome, 'ordinal'>): void {
    const dropped = this.queue.push(outcome);
    this.listener.recorded(outcome as QueuedOutcome);
    if (dropped > 0) this.drop('overflow', dropped, 'the queue is full, the oldest successes make room');
    if (this.running !== undefined) return;
    const urgent = isFailure(outcome.outcome) || this.queue.length >= this.options.batchSize;
    if (this.timer !== undefined && (this.hasUrgent || !urgent)) return;
    clearTimeout(this.timer);
    this.hasUrgent = urgent;
    this.timer = setTimeout(() => void this.run(), urgent ? 0 : this.options.batchMs);
  }

  /** Sends what waits, for so long and no longer. */
  async flush(withinMs: number): Promise<void> {
    this.skipDelay();
    let timer: NodeJS.Timeout | undefined;
    const end = new Promise<void>((resolve) => (timer = setTimeout(resolve, withinMs)));
    await Promise.race([this.run(), end]);
    clearTimeout(timer);
  }

  /** The last flush; what is left then is lost, and said. */
  async stop(withinMs: number): Promise<void> {
    this.endsAt = performance.now() + withinMs;
    await this.flush(withinMs);
    clearTimeout(this.timer);
    const left = this.queue.unsettled().length;
    if (left > 0) this.drop('shutdown', left, 'the process ends');
  }

  private run(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.running ??= this.deliverAll().finally(() => (this.running = undefined));
    return this.running;
  }

  private async deliverAll(): Promise<void> {
    while (this.queue.length > 0 && !this.hasEnded) await this.deliver(this.queue.take(MOST_OUTCOMES));
  }

  private async deliver(taken: readonly QueuedOutcome[]): Promise<void> {
    let batch = taken.filter(({ outcome }) => isAcceptable(outcome));
    if (batch.length < taken.length)
      this.drop('refused', taken.length - batch.length, 'they are no outcomes');
    for (let failures = 0; batch.length > 0;) {
      if (this.hasEnded) return;
      const came = await this.attempt(batch);
      if (came === 'again') {
        this.listener.unanswered();
        await this.delay(retryDelayMs(++failures, Math.random()));
      } else if (came === 'in-parts' && batch.length > 1) {
        const half = Math.ceil(batch.length / 2);
        this.queue.putBack(batch.slice(half));
        batch = batch.slice(0, half);
      } else {
        if (came !== 'answered') this.drop('refused', batch.length, 'the service refuses them');
        break;
      }
    }
    this.sequence += batch.length;
    this.queue.settle();
    this.listener.answered();
  }

  private async attempt(batch: readonly QueuedOutcome[]): Promise<'answered' | AfterFailure> {
    const { send, now, answerWithinMs } = this.options;
    const late = setTimeout(() => this.listener.unanswered(), answerWithinMs);
    try {
      const at = now();
      const outcomes = batch.map((queued) => asSent(queued, at));
      const { results } = await send({ reporter: this.reporter, sequence: this.sequence, outcomes });
      const refused = results.filter((result) => !result.accepted);
      for (const { name, problem } of refused) this.drop('refused', 1, `${name}: ${problem.title}`);
      this.listener.delivered(batch.length - refused.length);
      if (this.queue.length === 0) this.said.clear();
      return 'answered';
    } catch (error) {
      const after = afterFailure(error);
      if (after !== 'in-parts') this.say(after, () => this.logger.warn({ err: error }, SAID[after]));
      return after;
    } finally {
      clearTimeout(late);
    }
  }

  private get hasEnded(): boolean {
    return performance.now() >= this.endsAt;
  }

  private delay(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.skipDelay = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  private drop(reason: DropReason, count: number, why: string): void {
    this.listener.dropped(reason, count);
    this.say(`${reason} ${why}`, () => this.logger.error(`Outcomes are dropped: ${why}`));
  }

  /** Once, until all that waits was answered. */
  private say(what: string, log: () => void): void {
    if (this.said.has(what)) return;
    this.said.add(what);
    log();
  }
}
