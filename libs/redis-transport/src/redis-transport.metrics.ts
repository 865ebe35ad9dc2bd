import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { addedAt } from './messages/message.js';
import type { Outcome } from './streams/delivery.js';
import type { Backlog } from './streams/consumer.group.js';

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** What is counted of the consumer of one stream. */
export interface StreamMetrics {
  claimed(): void;
  settled(kind: Outcome['kind'], delivery: number): void;
  deadLettersDropped(count: number): void;
}

/** Asked for at each scrape. */
export interface StreamSource {
  readonly stream: string;
  inFlight(): number;
  backlog(): Promise<Backlog>;
}

/**
 * Metrics of the transport of this process, in a prom-client registry of their own: serve `registry.metrics()`, or merge
 * it into yours. Times in seconds. While Redis is away the gauges that ask it are left out.
 */
@Injectable()
export class RedisTransportMetrics {
  readonly registry = new Registry();
  private readonly sources: StreamSource[] = [];
  private collecting: Promise<void> | undefined;
  private countAwaiting: () => number = () => 0;
  private readonly repliesByName = new Map<string, Histogram.Internal<'service' | 'pattern' | 'outcome'>>();
  private readonly registers = [this.registry];
  private readonly handled = new Counter({
    name: 'gatehouse_transport_deliveries_total',
    help: 'Deliveries that ended, by outcome: done, retry (failed, comes again), postpone (what it needs is away), bury (dead letter)',
    labelNames: ['stream', 'outcome'] as const,
    registers: this.registers,
  });
  private readonly redelivered = new Counter({
    name: 'gatehouse_transport_redeliveries_total',
    help: 'Deliveries that were not the first of their message',
    labelNames: ['stream'] as const,
    registers: this.registers,
  });
  private readonly claims = new Counter({
    name: 'gatehouse_transport_claims_total',
    help: 'Messages taken over from a consumer that died, or taken again after a failure',
    labelNames: ['stream'] as const,
    registers: this.registers,
  });
  private readonly deadLetters = new Counter({
    name: 'gatehouse_transport_dead_letters_total',
    help: 'Messages that were put to the dead letters',
    labelNames: ['stream'] as const,
    registers: this.registers,
  });
  private readonly dropped = new Counter({
    name: 'gatehouse_transport_dead_letters_dropped_total',
    help: 'Dead letters that made room for newer ones and are gone',
    labelNames: ['stream'] as const,
    registers: this.registers,
  });
  private readonly replies = new Histogram({
    name: 'gatehouse_transport_reply_seconds',
    help: 'From a request to its answer or problem, as the caller sees it',
    labelNames: ['service', 'pattern', 'outcome'] as const,
    buckets: SECONDS,
    registers: this.registers,
  });
  private readonly resends = new Counter({
    name: 'gatehouse_transport_resends_total',
    help: 'Idempotent requests that were sent again because the connection broke',
    labelNames: ['service'] as const,
    registers: this.registers,
  });
  private readonly awaiting: Gauge = new Gauge({
    name: 'gatehouse_transport_awaiting_replies',
    help: 'Requests of this process that wait for their answer',
    registers: this.registers,
    collect: () => this.awaiting.set(this.countAwaiting()),
  });
  private readonly inFlight = new Gauge({
    name: 'gatehouse_transport_in_flight',
    help: 'Messages at work in this process',
    labelNames: ['stream'] as const,
    registers: this.registers,
    collect: () => this.collect(),
  });
  private readonly queueLength = new Gauge({
    name: 'gatehouse_transport_queue_length',
    help: 'Messages of the group that are not ended, waiting or at work, in the whole fleet',
    labelNames: ['stream'] as const,
    registers: this.registers,
    collect: () => this.collect(),
  });
  private readonly oldestAge = new Gauge({
    name: 'gatehouse_transport_oldest_age_seconds',
    help: 'Age of the oldest message of the group that is not ended, in the whole fleet',
    labelNames: ['stream'] as const,
    registers: this.registers,
    collect: () => this.collect(),
  });

  /** Counts for one stream, whose state is asked for at each scrape. */
  forStream(source: StreamSource): StreamMetrics {
    this.sources.push(source);
    const { stream } = source;
    const redelivered = this.redelivered.labels({ stream });
    const handled = (outcome: Outcome['kind']) => this.handled.labels({ stream, outcome });
    const byOutcome = {
      done: handled('done'),
      retry: handled('retry'),
      postpone: handled('postpone'),
      bury: handled('bury'),
    };
    return {
      claimed: () => this.claims.inc({ stream }),
      settled: (outcome, delivery) => {
        byOutcome[outcome].inc();
        if (delivery > 1) redelivered.inc();
        if (outcome === 'bury') this.deadLetters.inc({ stream });
      },
      deadLettersDropped: (count) => this.dropped.inc({ stream }, count),
    };
  }

  /** @param outcome `answer`, or the type of the problem */
  replied(request: { service: string; pattern: string }, outcome: string, seconds: number): void {
    const { service, pattern } = request;
    const name = `${service} ${pattern} ${outcome}`;
    let reply = this.repliesByName.get(name);
    if (reply === undefined) {
      reply = this.replies.labels({ service, pattern, outcome });
      this.repliesByName.set(name, reply);
    }
    reply.observe(seconds);
  }

  resent(service: string): void {
    this.resends.inc({ service });
  }

  /** @param count asked for at each scrape */
  awaitingReplies(count: () => number): void {
    this.countAwaiting = count;
  }

  /** Three gauges ask for the same at a scrape: Redis is asked once. */
  private collect(): Promise<void> {
    this.collecting ??= Promise.all(this.sources.map((source) => this.collectStream(source))).then(() => {
      this.collecting = undefined;
    });
    return this.collecting;
  }

  private async collectStream(source: StreamSource): Promise<void> {
    const { stream } = source;
    this.inFlight.set({ stream }, source.inFlight());
    try {
      const { length, oldestWaiting, oldestPending } = await source.backlog();
      const ages = [oldestWaiting, oldestPending].flatMap((id) => (id === undefined ? [] : [addedAt(id)]));
      this.queueLength.set({ stream }, length);
      this.oldestAge.set(
        { stream },
        ages.length === 0 ? 0 : Math.max(0, Date.now() - Math.min(...ages)) / 1_000,
      );
    } catch {
      this.queueLength.remove({ stream });
      this.oldestAge.remove({ stream });
    }
  }
}
