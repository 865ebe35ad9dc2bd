import type { RedisConnection } from '@gatehouse/redis';
import { toProblem } from '@gatehouse/problem-details';
import { Logger } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { ClaimKeeper } from './claim.keeper.js';
import { CompletionBatch } from './completion.batch.js';
import type { ConsumerGroup } from './consumer.group.js';
import { deadLetterFields } from '../dead-letters/dead-letter.js';
import type { Delivery, Outcome } from './delivery.js';
import type { StreamMetrics } from '../redis-transport.metrics.js';
import { type Message, toMessage } from '../messages/message.js';
import { StreamReader } from './stream.reader.js';
import type { TransportLimits } from '../transport-options.js';
import { TurnKeeper } from './turn.keeper.js';
import { WorkInHand } from './work-in-hand.js';

/** What the entries of a stream mean: `RequestConsumer`, `EventConsumer`. */
export interface DeliveryHandler {
  /** Does the work of one delivery; an error leaves it pending. */
  handle(delivery: Delivery, message: Message, desk: DeliveryDesk): Promise<Outcome>;
}

/** What the work of a delivery may ask for meanwhile. */
export interface DeliveryDesk {
  /** Sends a reply before the last one. */
  publish(channel: string, text: string): void;
  /** Resolves when another entry has ended, in whatever process; false when this consumer stops first. */
  afterEnd(awaited: string): Promise<boolean>;
}

/** Reads one stream for one group, and acknowledges each entry after its work. */
export class StreamConsumer {
  private readonly logger = new Logger(StreamConsumer.name);
  private readonly work: WorkInHand;
  private readonly completions: CompletionBatch;
  private readonly reader: StreamReader;
  private readonly claims: ClaimKeeper;
  private readonly turns: TurnKeeper;

  constructor(
    readonly group: ConsumerGroup,
    private readonly connections: { readonly commands: RedisConnection; readonly blocking: Redis },
    private readonly limits: TransportLimits,
    private readonly handler: DeliveryHandler,
    private readonly metrics: StreamMetrics,
  ) {
    const { commands, blocking } = connections;
    this.work = new WorkInHand(limits.maxInFlight);
    this.completions = new CompletionBatch(commands, group.names, limits.idempotencyWindowMs);
    this.turns = new TurnKeeper(group, this.work);
    this.reader = new StreamReader(
      group,
      blocking,
      this.work,
      limits,
      (entry) => this.take({ entry, count: 1 }),
      (begin) => this.completions.endTurn(blocking, begin),
    );
    this.claims = new ClaimKeeper(group, this.work, limits, (delivery) => {
      metrics.claimed();
      this.take(delivery);
    });
  }

  get inFlight(): number {
    return this.work.size;
  }

  start(): void {
    this.reader.start();
    this.claims.start();
    this.turns.start();
  }

  /** Stops reading, finishes what is in hand within `drainMs`, and leaves the group. */
  async stop(): Promise<void> {
    await Promise.all([
      this.reader.stop(this.connections.commands),
      this.claims.stopClaiming(),
      this.turns.close(),
    ]);
    const until = performance.now() + this.limits.drainMs;
    while (this.work.size > 0 && performance.now() < until) {
      let timer: NodeJS.Timeout | undefined;
      const limit = new Promise((resolve) => (timer = setTimeout(resolve, until - performance.now())));
      await Promise.race([this.work.change(), limit]);
      clearTimeout(timer);
    }
    this.completions.close();
    await this.claims.stop();
    if (this.work.size > 0) this.logger.warn(`${this.work.size} messages were left to other consumers`);
    await this.group.leave().catch(() => undefined);
  }

  private take(delivery: Delivery): void {
    if (this.work.has(delivery.entry.id)) return;
    this.work.start(delivery.entry.id, performance.now());
    void this.workOn(delivery);
  }

  private async workOn(delivery: Delivery): Promise<void> {
    const { id } = delivery.entry;
    try {
      const outcome = await this.handle(delivery, {
        publish: (channel, text) => this.publish(channel, text),
        afterEnd: (awaited) => this.turns.afterEnd(awaited, id),
      });
      await this.settle(delivery, outcome);
      this.metrics.settled(outcome.kind, delivery.count);
    } catch (error) {
      this.logger.error(
        { err: error },
        `A message of ${this.group.names.stream} could not be ended, it is kept`,
      );
    } finally {
      this.work.end(id);
    }
  }

  /** What is no message is put aside: nobody can handle it, however often it comes. */
  private async handle(delivery: Delivery, desk: DeliveryDesk): Promise<Outcome> {
    let message: Message;
    try {
      message = toMessage(delivery.entry.fields);
    } catch (error) {
      return { kind: 'bury', problem: toProblem(error) };
    }
    return this.handler.handle(delivery, message, desk);
  }

  private async settle(delivery: Delivery, outcome: Outcome): Promise<void> {
    const { count, entry } = delivery;
    switch (outcome.kind) {
      case 'done':
        await this.completions.end(entry.id, outcome);
        this.turns.ended(entry.id);
        // It may have been taken from here meanwhile, and noted, if it was held up for so long.
        if (count > 1 || this.work.isSince(entry.id, performance.now() - this.limits.claimIdleMs))
          await this.group.forgetAttempts(entry.id);
        return;
      case 'postpone':
        return this.group.takeBackDelivery(entry.id);
      case 'bury':
        await this.bury(delivery, outcome);
        return this.turns.ended(entry.id);
      case 'retry':
        return this.noteFailure(delivery, outcome.error);
    }
  }

  private async noteFailure({ entry, count }: Delivery, error: string): Promise<void> {
    const { consumer } = this.group.names;
    const at = new Date().toISOString();
    await this.group.noteAttempts([{ id: entry.id, delivery: count, consumer, at, error }]);
  }

  private async bury(delivery: Delivery, outcome: Extract<Outcome, { kind: 'bury' }>): Promise<void> {
    const { stream, consumer } = this.group.names;
    const { id } = delivery.entry;
    this.logger.error(
      { entry: id, problem: outcome.problem.type },
      `A message of ${stream} was put to the dead letters`,
    );
    if (outcome.error !== undefined) await this.noteFailure(delivery, outcome.error);
    const fields = deadLetterFields(delivery, outcome, consumer, new Date().toISOString());
    const dropped = await this.group.bury(id, fields, this.limits.maxDeadLetters);
    if (dropped !== undefined && dropped > 0) this.tellDropped(dropped);
    if (outcome.reply !== undefined) await this.completions.publish(outcome.reply);
  }

  private tellDropped(dropped: number): void {
    this.metrics.deadLettersDropped(dropped);
    this.logger.error(
      `${dropped} of the oldest dead letters of ${this.group.names.stream} made room and are gone`,
    );
  }

  private publish(channel: string, text: string): void {
    this.completions.publish({ channel, text }).catch((error: unknown) => {
      this.logger.error({ err: error }, 'A part of an answer could not be sent');
    });
  }
}
