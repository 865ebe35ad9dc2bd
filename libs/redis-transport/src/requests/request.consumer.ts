import { DomainError, toProblem } from '@gatehouse/problem-details';
import { Logger } from '@nestjs/common';
import type { MessageHandler } from '@nestjs/microservices';
import type { Observable } from 'rxjs';
import type { Delivery, LastReply, Outcome } from '../streams/delivery.js';
import type { Message } from '../messages/message.js';
import { requestFingerprint } from '../idempotency/message-fingerprint.js';
import { HEADER } from '../messages/message-headers.js';
import type { OnceKeeper } from '../idempotency/once.keeper.js';
import { OnceMessage } from '../idempotency/once.message.js';
import { RedisTransportContext } from '../redis-transport.context.js';
import { problemReply, type Reply } from './reply.js';
import type { DeadlineKeeper } from './deadline.keeper.js';
import { deadlineOf } from './request-deadline.js';
import { answerOf } from './reply.stream.js';
import type { DeliveryDesk, DeliveryHandler } from '../streams/stream.consumer.js';
import { DeliveryFailedError, ReplyTooLargeError, UnknownPatternError } from '../transport.errors.js';
import type { TransportLimits } from '../transport-options.js';

/** Runs a handler of Nest: its guards, pipes, interceptors and filters included. */
export type Invoke = (
  handler: MessageHandler,
  data: unknown,
  context: RedisTransportContext,
  work: (answer: Observable<unknown>) => Promise<void>,
) => Promise<void>;

/** Handles requests to the service and answers each: with what the handler says, or with a problem. */
export class RequestConsumer implements DeliveryHandler {
  private readonly logger = new Logger(RequestConsumer.name);

  constructor(
    private readonly handlers: ReadonlyMap<string, MessageHandler>,
    private readonly invoke: Invoke,
    private readonly once: OnceKeeper,
    private readonly deadlines: DeadlineKeeper,
    private readonly limits: TransportLimits,
  ) {}

  async handle(delivery: Delivery, message: Message, desk: DeliveryDesk): Promise<Outcome> {
    if (await this.hasExpired(delivery, message)) return { kind: 'done' };
    const caller = new Caller(message, this.limits.maxReplyBytes);
    if (delivery.count > this.limits.maxDeliveries) {
      const error = new DeliveryFailedError();
      return { kind: 'bury', problem: toProblem(error), reply: caller.problem(error) };
    }
    const handler = this.handlers.get(message.pattern);
    if (handler === undefined || handler.isEventHandler === true) {
      return { kind: 'done', reply: caller.problem(new UnknownPatternError()) };
    }
    return this.run(handler, delivery, { message, caller, desk });
  }

  /** Whether nobody waits for the answer any more. */
  private async hasExpired({ entry }: Delivery, { headers }: Message): Promise<boolean> {
    const deadline = deadlineOf(headers, entry.id);
    return deadline !== undefined && (await this.deadlines.hasPassed(deadline));
  }

  private async run(
    handler: MessageHandler,
    delivery: Delivery,
    { message, caller, desk }: { message: Message; caller: Caller; desk: DeliveryDesk },
  ): Promise<Outcome> {
    const { entry, count } = delivery;
    const headers = { ...message.headers, [HEADER.deliveryCount]: String(count) };
    const once = new OnceMessage(this.once, {
      messageId: message.headers[HEADER.messageId] ?? entry.id,
      entryId: entry.id,
      hasExpired: () => this.hasExpired(delivery, message),
      fingerprint: () => requestFingerprint(message),
      afterEnd: (awaited) => desk.afterEnd(awaited),
    });
    const context = new RedisTransportContext([headers, message.pattern, entry.id], once);
    let last: { v?: unknown } = {};
    try {
      await this.invoke(handler, message.data, context, async (answer) => {
        last = await answerOf(answer, (value) => caller.tell(desk, value));
      });
      const { kept } = once;
      if (kept !== undefined) caller.mustFit(kept.text);
      return { kind: 'done', reply: caller.reply(last), kept };
    } catch (error) {
      if (once.interrupted) return { kind: 'postpone' };
      this.report(message.pattern, error);
      return { kind: 'done', reply: caller.problem(error) };
    }
  }

  private report(pattern: string, error: unknown): void {
    // A filter has logged what it turned into a problem; only what passed every filter is said here.
    if (error instanceof DomainError && !(error instanceof ReplyTooLargeError)) return;
    this.logger.error({ err: error }, `The answer to ${pattern} is a problem`);
  }
}

/** Whoever waits for the answer; a request may have no such one. */
class Caller {
  private readonly channel: string | undefined;
  private readonly correlationId: string;

  constructor(
    { headers }: Message,
    private readonly maxReplyBytes: number,
  ) {
    this.channel = headers[HEADER.replyTo];
    this.correlationId = headers[HEADER.correlationId] ?? '';
  }

  /** The last value and the end, or the end alone. */
  reply(last: { v?: unknown }): LastReply | undefined {
    const text = this.encode({ c: this.correlationId, ...last });
    return this.channel === undefined ? undefined : { channel: this.channel, text };
  }

  problem(error: unknown): LastReply | undefined {
    if (this.channel === undefined) return undefined;
    return { channel: this.channel, text: JSON.stringify(problemReply(this.correlationId, error)) };
  }

  /** One value of several, ahead of the last. */
  tell(desk: DeliveryDesk, value: { v: unknown }): void {
    const text = this.encode({ c: this.correlationId, ...value, m: 1 });
    if (this.channel !== undefined) desk.publish(this.channel, text);
  }

  /** @throws ReplyTooLargeError */
  mustFit(text: string): void {
    if (Buffer.byteLength(text) > this.maxReplyBytes) throw new ReplyTooLargeError();
  }

  private encode(reply: Reply): string {
    const text = JSON.stringify(reply);
    this.mustFit(text);
    return text;
  }
}
