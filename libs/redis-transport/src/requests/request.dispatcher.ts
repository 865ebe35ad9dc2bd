import { DomainError } from '@gatehouse/problem-details';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { HEADER, headersOf } from '../messages/message-headers.js';
import { newMessageId } from '../messages/message-id.js';
import { MessagePublisher } from '../streams/message.publisher.js';
import { isResendable, type OutgoingRequest, type PendingRequest, resendDelayMs } from './pending-request.js';
import { RedisTransportMetrics } from '../redis-transport.metrics.js';
import { ReplyChannel } from './reply.channel.js';
import { type Reply, type ReplyPacket, toPacket } from './reply.js';
import { SenderIdentity } from '../messages/sender.identity.js';
import { currentTraceparent } from '../messages/trace-context.js';
import { DeadlineExceededError, ReplyLostError, transportError } from '../transport.errors.js';
import type { TransportSettings } from '../transport-options.js';
import { TRANSPORT_SETTINGS } from '../transport.tokens.js';

/** Sends requests and tells each caller exactly one end: the answer, a problem, or that the time is over. */
@Injectable()
export class RequestDispatcher implements OnApplicationShutdown {
  private readonly pending = new Map<string, PendingRequest>();
  private count = 0;
  private closed = false;

  constructor(
    private readonly messages: MessagePublisher,
    private readonly replies: ReplyChannel,
    private readonly sender: SenderIdentity,
    private readonly metrics: RedisTransportMetrics,
    @Inject(TRANSPORT_SETTINGS) private readonly settings: TransportSettings,
  ) {
    replies.listen({ onReply: (reply) => this.receive(reply), onLost: () => this.loseSent() });
    metrics.awaitingReplies(() => this.inFlight);
  }

  /** @returns forgets the request: nobody waits for its answer any more */
  dispatch(request: OutgoingRequest, answer: (packet: ReplyPacket) => void): () => void {
    const correlationId = (++this.count).toString(36);
    const { timeoutMs = this.settings.limits.requestTimeoutMs, id } = request.options;
    this.pending.set(correlationId, {
      request,
      answer,
      messageId: id ?? newMessageId(),
      timeoutMs,
      startedAt: performance.now(),
      timer: setTimeout(() => this.end(correlationId, new DeadlineExceededError()), timeoutMs),
      sent: false,
      begun: false,
      resends: 0,
    });
    this.send(correlationId);
    return () => void this.take(correlationId);
  }

  /** How many requests wait for their answer. */
  get inFlight(): number {
    return this.pending.size;
  }

  onApplicationShutdown(): void {
    this.closed = true;
    this.loseSent();
  }

  private send(correlationId: string): void {
    this.attempt(correlationId).catch((error: unknown) => this.fail(correlationId, transportError(error)));
  }

  private async attempt(correlationId: string): Promise<void> {
    await this.replies.whenSubscribed();
    const pending = this.pending.get(correlationId);
    if (pending === undefined) return;
    const { options, service, pattern, payload } = pending.request;
    const authorization = await this.sender.authorization(options.token);
    // It may have ended while the token was fetched.
    if (!this.pending.has(correlationId)) return;
    const leftMs = Math.max(1, Math.floor(pending.timeoutMs - (performance.now() - pending.startedAt)));
    const now = this.messages.requestTime(service);
    const headers = headersOf({
      ...options.headers,
      [HEADER.messageId]: pending.messageId,
      [HEADER.correlationId]: correlationId,
      [HEADER.replyTo]: this.replies.name,
      [HEADER.timeout]: leftMs,
      [HEADER.expires]: now && now + leftMs,
      [HEADER.deadline]: Date.now() + leftMs,
      [HEADER.sender]: this.sender.service,
      [HEADER.authorization]: authorization,
      [HEADER.traceparent]:
        options.traceparent ?? options.headers?.[HEADER.traceparent] ?? currentTraceparent(),
    });
    pending.sent = true;
    await this.messages.addRequest(service, pattern, headers, payload);
  }

  private receive(reply: Reply): void {
    const pending = this.pending.get(reply.c);
    if (pending === undefined) return;
    const packet = toPacket(reply);
    pending.begun = true;
    if (packet.isDisposed === true) this.endWith(reply.c, packet);
    else pending.answer(packet);
  }

  /** The way failed: the caller is told, unless it can be sent again. */
  private fail(correlationId: string, error: Error): void {
    const pending = this.pending.get(correlationId);
    if (pending === undefined) return;
    if (this.closed || !isResendable(pending, error)) return this.end(correlationId, error);
    pending.sent = false;
    clearTimeout(pending.resendTimer);
    pending.resendTimer = setTimeout(
      () => {
        pending.resends++;
        this.metrics.resent(pending.request.service);
        this.send(correlationId);
      },
      resendDelayMs(pending.resends, Math.random()),
    );
  }

  private loseSent(): void {
    for (const [correlationId, { sent }] of [...this.pending]) {
      // What was not sent yet fails by itself, and says that nothing happened.
      if (sent || this.closed) this.fail(correlationId, new ReplyLostError());
    }
  }

  private end(correlationId: string, error: Error): void {
    this.endWith(correlationId, { err: error, isDisposed: true });
  }

  private endWith(correlationId: string, packet: ReplyPacket): void {
    const pending = this.take(correlationId);
    if (pending === undefined) return;
    const outcome = packet.err instanceof DomainError ? packet.err.type : packet.err ? 'error' : 'answer';
    this.metrics.replied(pending.request, outcome, (performance.now() - pending.startedAt) / 1_000);
    pending.answer(packet);
  }

  private take(correlationId: string): PendingRequest | undefined {
    const pending = this.pending.get(correlationId);
    if (pending === undefined) return undefined;
    clearTimeout(pending.timer);
    clearTimeout(pending.resendTimer);
    this.pending.delete(correlationId);
    return pending;
  }
}
