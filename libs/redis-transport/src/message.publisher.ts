import { loadScript } from '@gatehouse/redis';
import { Inject, Injectable } from '@nestjs/common';
import { toFields } from './message.js';
import type { MessageHeaders } from './message-headers.js';
import { TransportConnections } from './transport.connections.js';
import { MessageTooLargeError, OverloadedError } from './transport.errors.js';
import type { TransportSettings } from './transport-options.js';
import { TRANSPORT_SETTINGS } from './transport.tokens.js';

const addMessage = loadScript(new URL('../lua/add-message.lua', import.meta.url));
const trimEvents = loadScript(new URL('../lua/trim-events.lua', import.meta.url));

/** Adds messages to streams, within the bounds of message and stream. */
@Injectable()
export class MessagePublisher {
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
    if (!(await this.add(stream, this.settings.limits.maxQueuedRequests, fields)))
      throw new OverloadedError();
  }

  /** A full stream is trimmed first: what every subscriber has done makes room. Throws as `addRequest` does. */
  async addEvent(owner: string, pattern: string, headers: MessageHeaders, payload: unknown): Promise<void> {
    const fields = toFields(pattern, headers, this.encode(payload));
    const stream = this.connections.keys.events(owner);
    const most = this.settings.limits.maxQueuedEvents;
    if (await this.add(stream, most, fields)) return;
    await trimEvents.run(this.connections.commands, [stream], [most - 1]);
    if (!(await this.add(stream, most, fields))) throw new OverloadedError();
  }

  private async add(stream: string, most: number, fields: readonly string[]): Promise<boolean> {
    return (await addMessage.run(this.connections.commands, [stream], [most, ...fields])) !== null;
  }

  private encode(payload: unknown): string {
    const data = JSON.stringify(payload ?? null);
    if (Buffer.byteLength(data) > this.settings.limits.maxPayloadBytes) throw new MessageTooLargeError();
    return data;
  }
}
