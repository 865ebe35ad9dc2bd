import { loadScript, type RedisConnection } from '@gatehouse/redis';
import type { Redis } from 'ioredis';
import type { StreamEntry } from './message.js';
import type { PendingEntry } from './pending-entry.js';

const renewClaims = loadScript(new URL('../lua/renew-claims.lua', import.meta.url));
const removeConsumers = loadScript(new URL('../lua/remove-consumers.lua', import.meta.url));
const buryMessage = loadScript(new URL('../lua/bury-message.lua', import.meta.url));

export interface ConsumerGroupNames {
  readonly stream: string;
  readonly group: string;
  /** Unique to the process. */
  readonly consumer: string;
  readonly deadLetters: string;
  /** Entries are deleted when they are done: a request stream, which has one group. */
  readonly deleteDone: boolean;
}

/** The commands of one consumer in one group of one stream. */
export class ConsumerGroup {
  constructor(
    private readonly redis: RedisConnection,
    readonly names: ConsumerGroupNames,
  ) {}

  /** Creates stream and group where they are missing; the group begins with the oldest entry. */
  async ensure(): Promise<void> {
    const { stream, group } = this.names;
    try {
      await this.redis.xgroup('CREATE', stream, group, '0', 'MKSTREAM');
    } catch (error) {
      if (!(error instanceof Error && error.message.startsWith('BUSYGROUP'))) throw error;
    }
  }

  /** Takes entries that no consumer of the group has had, waiting for the first. */
  async read(blocking: Redis, count: number, blockMs: number): Promise<StreamEntry[]> {
    const { stream, group, consumer } = this.names;
    const answer: unknown = await blocking.xreadgroup(
      ...(['GROUP', group, consumer, 'COUNT', count, 'BLOCK', blockMs, 'STREAMS', stream, '>'] as const),
    );
    const streams = answer as [string, RawEntry[]][] | null;
    return (streams?.[0]?.[1] ?? []).map(toEntry);
  }

  /** Entries nobody has said anything about for so long, in order, after the given id. */
  async idle(idleMs: number, count: number, after?: string): Promise<PendingEntry[]> {
    const { stream, group } = this.names;
    const from = after === undefined ? '-' : `(${after}`;
    const rows = await this.redis.xpending(stream, group, 'IDLE', idleMs, from, '+', count);
    return (rows as [string, string, number, number][]).map(([id, , idle, deliveries]) => ({
      id,
      idleMs: idle,
      deliveries,
    }));
  }

  /** Takes entries over, unless another was quicker. */
  async claim(ids: readonly string[], idleMs: number): Promise<StreamEntry[]> {
    const { stream, group, consumer } = this.names;
    const entries = await this.redis.xclaim(stream, group, consumer, idleMs, ...ids);
    return (entries as (RawEntry | null)[]).filter((entry) => entry !== null).map(toEntry);
  }

  /** Says that the consumer is still at work on the entries. */
  async renew(ids: readonly string[]): Promise<void> {
    await this.renewWith(ids, 0);
  }

  /** Keeps the entry pending, to be delivered again, and does not count this delivery. */
  async takeBackDelivery(id: string): Promise<void> {
    await this.renewWith([id], -1);
  }

  /** Puts an entry aside, if it is still pending. */
  async bury(id: string, fields: readonly string[]): Promise<void> {
    const { stream, deadLetters, group, deleteDone } = this.names;
    await buryMessage.run(this.redis, [stream, deadLetters], [group, id, deleteDone ? 1 : 0, ...fields]);
  }

  /** Removes consumers with nothing pending that were silent for so long. */
  async removeDead(silentMs: number): Promise<void> {
    await this.remove(silentMs, '');
  }

  /** Removes the own consumer, unless work of it is still pending, which another will claim. */
  async leave(): Promise<void> {
    await this.remove(0, this.names.consumer);
  }

  /** How much is pending in the whole group, and the oldest entry that no consumer of it has taken. */
  async backlog(): Promise<{ pending: number; oldestWaiting?: string }> {
    const { stream, group } = this.names;
    const rows = (await this.redis.xinfo('GROUPS', stream)) as (string | number)[][];
    const row = rows.find((fields) => fields[1] === group);
    if (row === undefined) return { pending: 0 };
    const valueOf = (name: string) => row[row.indexOf(name) + 1];
    const [oldest] = await this.redis.xrange(stream, `(${valueOf('last-delivered-id')}`, '+', 'COUNT', 1);
    return { pending: Number(valueOf('pending')), oldestWaiting: oldest?.[0] };
  }

  private async remove(silentMs: number, consumer: string): Promise<void> {
    const { stream, group } = this.names;
    await removeConsumers.run(this.redis, [stream], [group, silentMs, consumer]);
  }

  private async renewWith(ids: readonly string[], change: number): Promise<void> {
    if (ids.length === 0) return;
    const { stream, group, consumer } = this.names;
    await renewClaims.run(this.redis, [stream], [group, consumer, change, ...ids]);
  }
}

/** Whether the group, or the whole stream, is gone: somebody flushed Redis. It is made anew then. */
export function isGroupGone(error: unknown): boolean {
  return error instanceof Error && /^(NOGROUP|UNBLOCKED)\b|no such key/.test(error.message);
}

type RawEntry = [id: string, fields: string[] | null];

function toEntry([id, fields]: RawEntry): StreamEntry {
  return { id, fields: fields ?? [] };
}
