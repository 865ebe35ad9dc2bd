import type { RedisConnection } from '@gatehouse/redis';
import { Logger } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { ClaimKeeper } from './claim.keeper.js';
import { CompletionBatch } from './completion.batch.js';
import type { ConsumerGroup } from './consumer.group.js';
import { deadLetterFields } from './dead-letter.js';
import type { Delivery, Outcome } from './delivery.js';
import { StreamReader } from './stream.reader.js';
import type { TransportLimits } from './transport-options.js';
import { WorkInHand } from './work-in-hand.js';

/** What the entries of a stream mean: `RequestConsumer`, `EventConsumer`. */
export interface DeliveryHandler {
  /**
   * Does the work of one delivery; an error leaves it pending.
   *
   * @param publish sends a reply before the last one
   */
  handle(delivery: Delivery, publish: (channel: string, text: string) => void): Promise<Outcome>;
}

/** Reads one stream for one group, and acknowledges each entry after its work. */
export class StreamConsumer {
  private readonly logger = new Logger(StreamConsumer.name);
  private readonly work: WorkInHand;
  private readonly completions: CompletionBatch;
  private readonly reader: StreamReader;
  private readonly claims: ClaimKeeper;

  constructor(
    readonly group: ConsumerGroup,
    private readonly commands: RedisConnection,
    blocking: Redis,
    private readonly limits: TransportLimits,
    private readonly handler: DeliveryHandler,
  ) {
    this.work = new WorkInHand(limits.maxInFlight);
    this.completions = new CompletionBatch(commands, group.names);
    this.reader = new StreamReader(group, blocking, this.work, limits, (entry) =>
      this.take({ entry, count: 1 }),
    );
    this.claims = new ClaimKeeper(group, this.work, limits, (delivery) => this.take(delivery));
  }

  get inFlight(): number {
    return this.work.size;
  }

  start(): void {
    this.reader.start();
    this.claims.start();
  }

  /** Stops reading, finishes what is in hand within `drainMs`, and leaves the group. */
  async stop(): Promise<void> {
    await Promise.all([this.reader.stop(this.commands), this.claims.stopClaiming()]);
    const until = Date.now() + this.limits.drainMs;
    while (this.work.size > 0 && Date.now() < until) {
      let timer: NodeJS.Timeout | undefined;
      const limit = new Promise((resolve) => (timer = setTimeout(resolve, until - Date.now())));
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
    this.work.start(delivery.entry.id, Date.now());
    void this.workOn(delivery);
  }

  private async workOn(delivery: Delivery): Promise<void> {
    const { id } = delivery.entry;
    try {
      const outcome = await this.handler.handle(delivery, (channel, text) => this.publish(channel, text));
      await this.settle(delivery, outcome);
    } catch (error) {
      this.logger.error(
        { err: error },
        `A message of ${this.group.names.stream} could not be ended, it is kept`,
      );
    } finally {
      this.work.end(id);
    }
  }

  private async settle(delivery: Delivery, outcome: Outcome): Promise<void> {
    const { id } = delivery.entry;
    switch (outcome.kind) {
      case 'done':
        return this.completions.add(id, outcome.reply);
      case 'postpone':
        return this.group.takeBackDelivery(id);
      case 'bury':
        return this.bury(delivery, outcome);
      case 'retry':
        return;
    }
  }

  private async bury(
    delivery: Delivery,
    { problem, reply }: Extract<Outcome, { kind: 'bury' }>,
  ): Promise<void> {
    const { stream, consumer } = this.group.names;
    const { id } = delivery.entry;
    this.logger.error(
      { entry: id, problem: problem.type },
      `A message of ${stream} was put to the dead letters`,
    );
    await this.group.bury(id, deadLetterFields(delivery, problem, consumer, new Date().toISOString()));
    if (reply !== undefined) await this.completions.add(undefined, reply);
  }

  private publish(channel: string, text: string): void {
    this.completions.add(undefined, { channel, text }).catch((error: unknown) => {
      this.logger.error({ err: error }, 'A part of an answer could not be sent');
    });
  }
}
