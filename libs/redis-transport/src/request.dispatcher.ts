import { Inject, Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { HEADER, headersOf } from './message-headers.js';
import { MessagePublisher } from './message.publisher.js';
import { ReplyChannel } from './reply.channel.js';
import { type Reply, type ReplyPacket, toPacket } from './reply.js';
import { SenderIdentity } from './sender.identity.js';
import { DeadlineExceededError, ReplyLostError, transportError } from './transport.errors.js';
import type { TransportSettings } from './transport-options.js';
import { TRANSPORT_SETTINGS } from './transport.tokens.js';

export interface SendOptions {
  /** The answer is due after so many milliseconds; default `requestTimeoutMs`. */
  timeoutMs?: number;
  /** Access token of the caller on whose behalf it is sent; without it the service speaks for itself. */
  token?: string;
  /** The message id, the same when the same request is sent again; default a new UUIDv7. */
  id?: string;
  traceparent?: string;
  /** More headers, names in lower case; those of the transport win. */
  headers?: Readonly<Record<string, string>>;
}

export interface OutgoingRequest {
  service: string;
  pattern: string;
  payload: unknown;
  options: SendOptions;
}

interface PendingRequest {
  readonly answer: (packet: ReplyPacket) => void;
  readonly timer: NodeJS.Timeout;
  /** Redis may have it. */
  sent: boolean;
}

/** Sends requests and tells each caller exactly one end: the answer, a problem, or that the time is over. */
@Injectable()
export class RequestDispatcher {
  private readonly pending = new Map<string, PendingRequest>();
  private count = 0;

  constructor(
    private readonly messages: MessagePublisher,
    private readonly replies: ReplyChannel,
    private readonly sender: SenderIdentity,
    @Inject(TRANSPORT_SETTINGS) private readonly settings: TransportSettings,
  ) {
    replies.listen({ onReply: (reply) => this.receive(reply), onLost: () => this.loseAll() });
  }

  /** @returns forgets the request: nobody waits for its answer any more */
  dispatch(request: OutgoingRequest, answer: (packet: ReplyPacket) => void): () => void {
    const correlationId = (++this.count).toString(36);
    const timeoutMs = request.options.timeoutMs ?? this.settings.limits.requestTimeoutMs;
    const deadline = Date.now() + timeoutMs;
    const timer = setTimeout(() => this.fail(correlationId, new DeadlineExceededError()), timeoutMs);
    this.pending.set(correlationId, { answer, timer, sent: false });
    this.send(request, correlationId, deadline).catch((error: unknown) =>
      this.fail(correlationId, transportError(error)),
    );
    return () => void this.take(correlationId);
  }

  /** How many requests wait for their answer. */
  get inFlight(): number {
    return this.pending.size;
  }

  private async send(outgoing: OutgoingRequest, correlationId: string, deadline: number): Promise<void> {
    await this.replies.whenSubscribed();
    const { options, service, pattern, payload } = outgoing;
    const headers = headersOf({
      ...options.headers,
      [HEADER.messageId]: options.id ?? uuidv7(),
      [HEADER.correlationId]: correlationId,
      [HEADER.replyTo]: this.replies.name,
      [HEADER.deadline]: deadline,
      [HEADER.sender]: this.sender.service,
      [HEADER.authorization]: await this.sender.authorization(options.token),
      [HEADER.traceparent]: options.traceparent ?? options.headers?.[HEADER.traceparent],
    });
    const request = this.pending.get(correlationId);
    // It may have ended while the token was fetched.
    if (request === undefined) return;
    request.sent = true;
    await this.messages.addRequest(service, pattern, headers, payload);
  }

  private receive(reply: Reply): void {
    const packet = toPacket(reply);
    const request = packet.isDisposed === true ? this.take(reply.c) : this.pending.get(reply.c);
    request?.answer(packet);
  }

  private fail(correlationId: string, error: Error): void {
    this.take(correlationId)?.answer({ err: error, isDisposed: true });
  }

  private loseAll(): void {
    for (const [correlationId, { sent }] of [...this.pending]) {
      // What was not sent yet fails by itself, and says that nothing happened.
      if (sent) this.fail(correlationId, new ReplyLostError());
    }
  }

  private take(correlationId: string): PendingRequest | undefined {
    const request = this.pending.get(correlationId);
    if (request === undefined) return undefined;
    clearTimeout(request.timer);
    this.pending.delete(correlationId);
    return request;
  }
}
