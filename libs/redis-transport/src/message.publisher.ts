import { loadScript } from '@gatehouse/redis';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { toFields } from './message.js';
import { HEADER, type MessageHeaders } from './message-headers.js';
import { TransportConnections } from './transport.connections.js';
import { MessageTooLargeError, OverloadedError } from './transport.errors.js';
import type { TransportSettings } from './transport-options.js';
import { TRANSPORT_SETTINGS } from './transport.tokens.js';

const addRequest = loadScript(new URL('../lua/add-request.lua', import.meta.url));
const addEvent = loadScript(new URL('../lua/add-event.lua', import.meta.url));
const trimEvents = loadScript(new URL('../lua/trim-events.lua', import.meta.url));

const TELL_EVERY_MS = 10_000;

/** Adds messages to streams, within the bounds of message and stream. */
@Injectable()
export class MessagePublisher {
  private readonly logger = new Logger(MessagePublisher.name);
  private toldAt = 0;

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
    const fields = toFields(pattern, headers, this.encode(payload));
    const stream = this.connections.keys.requests(service);
    const most = this.settings.limits.maxQueuedRequests;
    const added = await addRequest.run(this.connections.commands, [stream], [most, ...fields]);
    if (added === null) throw new OverloadedError();
  }

  /** A full stream is trimmed first: what every subscriber has done makes room. Throws as `addRequest` does. */
  async addEvent(owner: string, pattern: string, headers: MessageHeaders, payload: unknown): Promise<void> {
    const fields = toFields(pattern, headers, this.encode(payload));
    const { commands, keys } = this.connections;
    const stream = keys.events(owner);
    const most = this.settings.limits.maxQueuedEvents;
    const args = [most, headers[HEADER.key] ?? '', ...fields];
    const add = () => addEvent.run(commands, [stream, keys.eventKeys(owner)], args);
    if ((await add()) !== null) return;
    const [, slowest] = (await trimEvents.run(commands, [stream], [most - 1])) as [number, string];
    if ((await add()) !== null) return;
    this.tellSlowest(stream, slowest);
    throw new OverloadedError();
  }

  /** Whoever is paged has to know which service holds all others up. */
  private tellSlowest(stream: string, group: string): void {
    const now = Date.now();
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
