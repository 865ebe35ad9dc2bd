import { Injectable } from '@nestjs/common';
import { HEADER, headersOf } from '../messages/message-headers.js';
import { newMessageId } from '../messages/message-id.js';
import { MessagePublisher } from '../streams/message.publisher.js';
import type { AnyMessages, MessageMap, PatternOf } from '../messages/message-types.js';
import { SenderIdentity } from '../messages/sender.identity.js';
import { currentTraceparent } from '../messages/trace-context.js';
import { transportError } from '../transport.errors.js';
import { ownerOf } from '../transport-keys.js';

export interface EmitOptions {
  /** The message id, the same when the same event is emitted again; default a new UUIDv7. */
  id?: string;
  /** Events with the same key belong together, e.g. the name of the provider. */
  key?: string;
  /** W3C Trace Context; default the one on whose behalf this runs. */
  traceparent?: string;
}

/**
 * Publishes durable events: every service that has an `@EventPattern` for one handles it at least once, whoever is
 * running now. `EventPublisher<ProviderEvents>` is checked by the compiler against the contract.
 */
@Injectable()
export class EventPublisher<M extends MessageMap<M> = AnyMessages> {
  constructor(
    private readonly messages: MessagePublisher,
    private readonly sender: SenderIdentity,
  ) {}

  /**
   * Resolves when Redis has the event. It carries the identity of this service.
   *
   * @throws DomainError `dependency-unavailable` (it may have been published: emit it again with the same id),
   * `overloaded`, `payload-too-large`
   */
  async emit<P extends PatternOf<M>>(pattern: P, payload: M[P], options: EmitOptions = {}): Promise<void> {
    try {
      const headers = headersOf({
        [HEADER.messageId]: options.id ?? newMessageId(),
        [HEADER.sender]: this.sender.service,
        [HEADER.authorization]: await this.sender.authorization(),
        [HEADER.key]: options.key,
        [HEADER.traceparent]: options.traceparent ?? currentTraceparent(),
      });
      await this.messages.addEvent(ownerOf(pattern), pattern, headers, payload);
    } catch (error) {
      throw transportError(error);
    }
  }
}
