import { DomainError, toProblem } from '@gatehouse/problem-details';
import { Logger } from '@nestjs/common';
import type { MessageHandler } from '@nestjs/microservices';
import type { Observable } from 'rxjs';
import type { Delivery, Outcome } from './delivery.js';
import { type Message, toMessage } from './message.js';
import { HEADER, hasExpired } from './message-headers.js';
import { RedisTransportContext } from './redis-transport.context.js';
import { problemReply, type Reply } from './reply.js';
import { answerOf } from './reply.stream.js';
import type { DeliveryHandler } from './stream.consumer.js';
import { DeliveryFailedError, ReplyTooLargeError, UnknownPatternError } from './transport.errors.js';
import type { TransportLimits } from './transport-options.js';

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
    private readonly limits: TransportLimits,
  ) {}

  async handle(delivery: Delivery, publish: (channel: string, text: string) => void): Promise<Outcome> {
    let message: Message;
    try {
      message = toMessage(delivery.entry.fields);
    } catch (error) {
      return { kind: 'bury', problem: toProblem(error) };
    }
    if (hasExpired(message.headers, Date.now())) return { kind: 'done' };
    const channel = message.headers[HEADER.replyTo];
    const correlationId = message.headers[HEADER.correlationId] ?? '';
    const failed = (error: unknown) => reply(channel, JSON.stringify(problemReply(correlationId, error)));
    if (delivery.count > this.limits.maxDeliveries) {
      const error = new DeliveryFailedError();
      return { kind: 'bury', problem: toProblem(error), reply: failed(error) };
    }
    const handler = this.handlers.get(message.pattern);
    if (handler === undefined || handler.isEventHandler === true) {
      return { kind: 'done', reply: failed(new UnknownPatternError()) };
    }
    try {
      const last = await this.run(handler, delivery, message, (value) => {
        if (channel !== undefined) publish(channel, this.encode({ c: correlationId, ...value, m: 1 }));
      });
      return { kind: 'done', reply: reply(channel, this.encode({ c: correlationId, ...last })) };
    } catch (error) {
      this.report(message.pattern, error);
      return { kind: 'done', reply: failed(error) };
    }
  }

  private async run(
    handler: MessageHandler,
    delivery: Delivery,
    message: Message,
    more: (value: { v: unknown }) => void,
  ): Promise<{ v?: unknown }> {
    const headers = { ...message.headers, [HEADER.deliveryCount]: String(delivery.count) };
    const context = new RedisTransportContext([headers, message.pattern, delivery.entry.id]);
    let last: { v?: unknown } = {};
    await this.invoke(handler, message.data, context, async (answer) => {
      last = await answerOf(answer, more);
    });
    return last;
  }

  private encode(reply: Reply): string {
    const text = JSON.stringify(reply);
    if (Buffer.byteLength(text) > this.limits.maxReplyBytes) throw new ReplyTooLargeError();
    return text;
  }

  private report(pattern: string, error: unknown): void {
    // A filter has logged what it turned into a problem; only what passed every filter is said here.
    if (error instanceof DomainError && !(error instanceof ReplyTooLargeError)) return;
    this.logger.error({ err: error }, `The answer to ${pattern} is a problem`);
  }
}

function reply(channel: string | undefined, text: string): { channel: string; text: string } | undefined {
  return channel === undefined ? undefined : { channel, text };
}
