import { loadScript } from '@gatehouse/redis';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { type BroadcastTail, readBroadcast } from './broadcast-position.js';
import { BroadcastFeed, type BroadcastHandler } from './broadcast.feed.js';
import type { MessageHeaders } from '../messages/message-headers.js';
import type { AnyMessages, MessageMap, PatternOf } from '../messages/message-types.js';
import { toMilliseconds } from '../server-time.js';
import { TransportConnections } from '../transport.connections.js';
import type { TransportSettings } from '../transport-options.js';
import { TRANSPORT_SETTINGS } from '../transport.tokens.js';

const readBroadcasts = loadScript(new URL('../../lua/broadcasts/read-broadcasts.lua', import.meta.url));

const MOST_AT_ONCE = 500;

/**
 * Receives broadcasts, in sequence and without gaps: what was missed is read from the tail, and where that does not
 * reach, the receiver loads everything anew.
 */
@Injectable()
export class BroadcastReceiver<M extends MessageMap<M> = AnyMessages> implements OnApplicationShutdown {
  private readonly feeds = new Map<string, BroadcastFeed[]>();

  constructor(
    private readonly connections: TransportConnections,
    @Inject(TRANSPORT_SETTINGS) private readonly settings: TransportSettings,
  ) {
    connections.subscriber.on('message', (channel: string, text: string) => this.receive(channel, text));
    connections.subscriber.on('ready', () => this.resume());
  }

  /** Begins at once, by loading; `ageMs` of the feed tells how current it is. Redis may be away. */
  subscribe<P extends PatternOf<M>>(pattern: P, handler: BroadcastHandler<M[P]>): BroadcastFeed<M[P]> {
    const { keys } = this.connections;
    const { broadcastCheckMs } = this.settings.limits;
    const feed = new BroadcastFeed<M[P]>(
      pattern,
      handler,
      (from) => this.read(pattern, from),
      broadcastCheckMs,
    );
    const channel = keys.broadcastChannel(pattern);
    this.feeds.set(channel, [...(this.feeds.get(channel) ?? []), feed]);
    if (this.connections.subscriber.status === 'ready') this.listenTo([channel]);
    feed.start();
    return feed;
  }

  async onApplicationShutdown(): Promise<void> {
    const feeds = [...this.feeds.values()].flat();
    this.feeds.clear();
    await Promise.all(feeds.map((feed) => feed.stop()));
  }

  private resume(): void {
    if (this.feeds.size > 0) this.listenTo([...this.feeds.keys()]);
  }

  /** What was published before the subscription was in force is asked for once it is. */
  private listenTo(channels: readonly string[]): void {
    this.connections.subscriber.subscribe(...channels).then(
      () => this.feedsOf(channels).forEach((feed) => void feed.synchronise()),
      // The connection broke again: the next `ready` subscribes.
      () => undefined,
    );
  }

  private receive(channel: string, text: string): void {
    const feeds = this.feedsOf([channel]);
    if (feeds.length === 0) return;
    const broadcast = readBroadcast(text);
    if (broadcast === undefined) return;
    for (const feed of feeds) feed.receive(broadcast);
  }

  private feedsOf(channels: readonly string[]): BroadcastFeed[] {
    return channels.flatMap((channel) => this.feeds.get(channel) ?? []);
  }

  private async read(pattern: string, from: number): Promise<BroadcastTail> {
    const { commands, keys } = this.connections;
    const names = [keys.broadcastPosition(pattern), keys.broadcastTail(pattern)];
    const answer = await readBroadcasts.run(commands, names, [from, MOST_AT_ONCE, uuidv7()]);
    const [generation, sequence, entries, time] = answer as [
      ...[generation: string, sequence: string],
      ...[entries: [id: string, fields: string[]][], time: [seconds: string, microseconds: string]],
    ];
    const broadcasts = entries.map(([id, fields]) => ({
      generation,
      sequence: Number(id.split('-', 1)[0]),
      headers: JSON.parse(fields[1] ?? '{}') as MessageHeaders,
      data: JSON.parse(fields[3] ?? 'null') as unknown,
    }));
    return { generation, sequence: Number(sequence), broadcasts, time: toMilliseconds(time) };
  }
}
