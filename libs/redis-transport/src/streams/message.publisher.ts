import { loadScript } from '@gatehouse/redis';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { AdditionBatch } from './addition.batch.js';
import { HEADER, type MessageHeaders } from '../messages/message-headers.js';
import { TransportConnections } from '../transport.connections.js';
import { MessageTooLargeError, OverloadedError } from '../transport.errors.js';
import type { TransportSettings } from '../transport-options.js';
import { TRANSPORT_SETTINGS } from '../transport.tokens.js';

const trimEvents = loadScript(new URL('../../lua/streams/trim-events.lua', import.meta.url));

/** The monotonic clock goes wrong by milliseconds at most in it. */
const TOLD_WITHIN_MS = 60_000;
const TELL_EVERY_MS = 10_000;

/** Adds messages to streams, within the bounds of message and stream. */
@Injectable()
export class MessagePublisher {
  private readonly logger = new Logger(MessagePublisher.name);
  private readonly requests = new Map<string, AdditionBatch>();
  private readonly events = new Map<string, AdditionBatch>();
  private toldAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly connections: TransportConnections,
    @Inject(TRANSPORT_SETTINGS) private readonly settings: TransportSettings,
  ) {}

  /** @throws OverloadedError, MessageTooLargeError: nothing was added; an error of Redis: it may have been */
  async addRequest(
    service: string,
    pattern: string,
    headers: MessageHeaders,
    payload: unknown,
  ): Promise<void> {
    const data = this.encode(payload);
    const added = await this.requestsOf(service).add(['', pattern, JSON.stringify(headers), data]);
    if (!added) throw new OverloadedError();
  }

  /** The clock of the Redis that has the requests, milliseconds since 1970; undefined while it is not known. */
  requestTime(service: string): number | undefined {
    return this.requestsOf(service).time.certain(TOLD_WITHIN_MS);
  }

  /** A full stream is trimmed first: what every subscriber has done makes room. Throws as `addRequest` does. */
  async addEvent(owner: string, pattern: string, headers: MessageHeaders, payload: unknown): Promise<void> {
    const key = headers[HEADER.key] ?? '';
    const message = [key, pattern, JSON.stringify(headers), this.encode(payload)] as const;
    const events = this.eventsOf(owner);
    if (await events.add(message)) return;
    const { commands, keys } = this.connections;
    const stream = keys.events(owner);
    const keep = this.settings.limits.maxQueuedEvents - 1;
    const [, slowest] = (await trimEvents.run(commands, [stream], [keep])) as [number, string];
    if (await events.add(message)) return;
    this.tellSlowest(stream, slowest);
    throw new OverloadedError();
  }

  private requestsOf(service: string): AdditionBatch {
    const known = this.requests.get(service);
    if (known !== undefined) return known;
    const { commands, keys } = this.connections;
    const batch = new AdditionBatch(
      commands,
      [keys.requests(service)],
      this.settings.limits.maxQueuedRequests,
    );
    this.requests.set(service, batch);
    return batch;
  }

  private eventsOf(owner: string): AdditionBatch {
    const known = this.events.get(owner);
    if (known !== undefined) return known;
    const { commands, keys } = this.connections;
    const names = [keys.events(owner), keys.eventKeys(owner)];
    const batch = new AdditionBatch(commands, names, this.settings.limits.maxQueuedEvents);
    this.events.set(owner, batch);
    return batch;
  }

  /** Whoever is paged has to know which service holds all others up. */
  private tellSlowest(stream: string, group: string): void {
    const now = performance.now();
    if (now - this.toldAt < TELL_EVERY_MS) return;
    this.toldAt = now;
    this.logger.error(`${stream} is full, and events are refused: the service ${group} is furthest behind`);
  }

  private encode(payload: unknown): string {
    const data = JSON.stringify(payload ?? null);
    if (Buffer.byteLength(data) > this.settings.limits.maxPayloadBytes) throw new MessageTooLargeError();
    return data;
  }
}
