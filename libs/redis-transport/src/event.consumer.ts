import { toProblem } from '@gatehouse/problem-details';
import { Logger } from '@nestjs/common';
import type { MessageHandler } from '@nestjs/microservices';
import { lastValueFrom } from 'rxjs';
import { type Delivery, type Outcome, outcomeOfFailure } from './delivery.js';
import { type Message, toMessage } from './message.js';
import { HEADER } from './message-headers.js';
import { RedisTransportContext } from './redis-transport.context.js';
import type { Invoke } from './request.consumer.js';
import type { DeliveryHandler } from './stream.consumer.js';
import { DeliveryFailedError } from './transport.errors.js';
import type { TransportLimits } from './transport-options.js';

/** Handles the events of one owner; one that fails is delivered again and, after some times, put aside. */
export class EventConsumer implements DeliveryHandler {
  private readonly logger = new Logger(EventConsumer.name);

  constructor(
    private readonly handlers: ReadonlyMap<string, MessageHandler>,
    private readonly invoke: Invoke,
    private readonly limits: TransportLimits,
  ) {}

  async handle(delivery: Delivery): Promise<Outcome> {
    let message: Message;
    try {
      message = toMessage(delivery.entry.fields);
    } catch (error) {
      return { kind: 'bury', problem: toProblem(error) };
    }
    const handler = this.handlers.get(message.pattern);
    // Another event of the same owner, which this service does not ask for.
    if (handler?.isEventHandler !== true) return { kind: 'done' };
    if (delivery.count > this.limits.maxDeliveries) {
      return { kind: 'bury', problem: toProblem(new DeliveryFailedError()) };
    }
    try {
      await this.run(handler, delivery, message);
      return { kind: 'done' };
    } catch (error) {
      this.logger.warn({ err: error, delivery: delivery.count }, `${message.pattern} could not be handled`);
      return outcomeOfFailure(toProblem(error), delivery.count, this.limits.maxDeliveries);
    }
  }

  private async run(handler: MessageHandler, delivery: Delivery, message: Message): Promise<void> {
    const headers = { ...message.headers, [HEADER.deliveryCount]: String(delivery.count) };
    const context = new RedisTransportContext([headers, message.pattern, delivery.entry.id]);
    await this.invoke(handler, message.data, context, async (answer) => {
      await lastValueFrom(answer, { defaultValue: undefined });
    });
  }
}
