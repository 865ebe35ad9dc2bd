import { BaseRpcContext } from '@nestjs/microservices';
import { addedAt } from './messages/message.js';
import { HEADER, type MessageHeaders } from './messages/message-headers.js';
import type { OnceMessage } from './idempotency/once.message.js';
import { deadlineOf } from './requests/request-deadline.js';

/** What a handler may know of its message besides the payload: `@Ctx() context: RedisTransportContext`. */
export class RedisTransportContext extends BaseRpcContext<[MessageHeaders, string, string]> {
  /**
   * @param args headers, pattern, id of the entry in its stream
   * @param once for `IdempotencyInterceptor`
   */
  constructor(
    args: [MessageHeaders, string, string],
    readonly once?: OnceMessage,
  ) {
    super(args);
  }

  /** Every header, names in lower case; `authorization` among them. */
  getHeaders(): MessageHeaders {
    return this.args[0];
  }

  /** @param name in any case, e.g. `authorization` (`Bearer …`) or `traceparent` */
  getHeader(name: string): string | undefined {
    return this.args[0][name.toLowerCase()];
  }

  getPattern(): string {
    return this.args[1];
  }

  /** UUIDv7, the same for every delivery of the message: handle a second one as the first. */
  getMessageId(): string {
    return this.getHeader(HEADER.messageId) ?? this.args[2];
  }

  /** 1 for the first delivery. */
  getDeliveryCount(): number {
    return Number(this.getHeader(HEADER.deliveryCount) ?? 1);
  }

  /** When Redis received the message, milliseconds since 1970; no sender can state another time. */
  getPublishedAt(): number {
    return addedAt(this.args[2]);
  }

  /** After this, in milliseconds since 1970 by the clock of Redis, nobody waits for the answer; undefined for events. */
  getDeadline(): number | undefined {
    return deadlineOf(this.args[0], this.args[2]);
  }
}
