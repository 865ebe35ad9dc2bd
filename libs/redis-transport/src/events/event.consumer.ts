import { toProblem } from '@gatehouse/problem-details';
import { Logger } from '@nestjs/common';
import type { MessageHandler } from '@nestjs/microservices';
import { lastValueFrom } from 'rxjs';
import { type Delivery, type Outcome, outcomeOfFailure } from '../streams/delivery.js';
import { toFailure } from '../streams/failure.js';
import type { Message } from '../messages/message.js';
import { HEADER } from '../messages/message-headers.js';
import type { OnceKeeper } from '../idempotency/once.keeper.js';
import { OnceMessage } from '../idempotency/once.message.js';
import { RedisTransportContext } from '../redis-transport.context.js';
import type { Invoke } from '../requests/request.consumer.js';
import type { DeliveryDesk, DeliveryHandler } from '../streams/stream.consumer.js';
import { DeliveryFailedError } from '../transport.errors.js';
import type { TransportLimits } from '../transport-options.js';

/** Options of a handler: `@EventPattern('providers.status-changed', { ordered: 'key' })`. */
export interface EventHandlerOptions {
  /**
   * Events with the same `key` are handled one after the other, as they were published, whichever replica has them. One
   * that fails holds those after it back until it is done or put aside.
   */
  ordered?: 'key';
}

/** Handles the events of one owner; one that fails is delivered again and, after some times, put aside. */
export class EventConsumer implements DeliveryHandler {
  private readonly logger = new Logger(EventConsumer.name);

  constructor(
    private readonly subscriber: string,
    private readonly handlers: ReadonlyMap<string, MessageHandler>,
    private readonly invoke: Invoke,
    private readonly once: OnceKeeper,
    private readonly limits: TransportLimits,
  ) {}

  async handle(delivery: Delivery, message: Message, desk: DeliveryDesk): Promise<Outcome> {
    const handler = this.handlers.get(message.pattern);
    const only = message.headers[HEADER.replayFor];
    // Another event of the same owner, which this service does not ask for, or one that another service sees again.
    if (handler?.isEventHandler !== true || (only ?? this.subscriber) !== this.subscriber)
      return { kind: 'done' };
    if (delivery.count > this.limits.maxDeliveries) {
      return { kind: 'bury', problem: toProblem(new DeliveryFailedError()) };
    }
    if (message.after !== undefined && isOrdered(handler) && !(await desk.afterEnd(message.after)))
      return { kind: 'postpone' };
    return this.run(handler, delivery, message, desk);
  }

  private async run(
    handler: MessageHandler,
    delivery: Delivery,
    message: Message,
    desk: DeliveryDesk,
  ): Promise<Outcome> {
    const headers = { ...message.headers, [HEADER.deliveryCount]: String(delivery.count) };
    const once = new OnceMessage(this.once, {
      messageId: message.headers[HEADER.messageId] ?? delivery.entry.id,
      entryId: delivery.entry.id,
      hasExpired: () => Promise.resolve(false),
      fingerprint: () => message.pattern,
      afterEnd: (entryId) => desk.afterEnd(entryId),
    });
    const context = new RedisTransportContext([headers, message.pattern, delivery.entry.id], once);
    try {
      await this.invoke(handler, message.data, context, async (answer) => {
        await lastValueFrom(answer, { defaultValue: undefined });
      });
      return { kind: 'done', kept: once.kept && { ...once.kept, text: '[]' } };
    } catch (error) {
      if (once.interrupted) return { kind: 'postpone' };
      this.logger.warn({ err: error, delivery: delivery.count }, `${message.pattern} could not be handled`);
      return outcomeOfFailure(toFailure(error), delivery.count, this.limits.maxDeliveries);
    }
  }
}

/** Also when only one of several handlers of the event asks for it. */
function isOrdered(handler: MessageHandler): boolean {
  const { ordered } = (handler.extras ?? {}) as EventHandlerOptions;
  return ordered === 'key' || (handler.next !== undefined && isOrdered(handler.next as MessageHandler));
}
