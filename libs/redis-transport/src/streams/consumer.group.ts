import { loadScript, type RedisConnection, redisErrorCode } from '@gatehouse/redis';
import type { Redis } from 'ioredis';
import type { StreamEntry } from '../messages/message.js';
import type { PendingEntry } from './pending-entry.js';
import { attemptsKey } from '../transport-keys.js';

const renewClaims = loadScript(new URL('../../lua/streams/renew-claims.lua', import.meta.url));
const removeConsumers = loadScript(new URL('../../lua/streams/remove-consumers.lua', import.meta.url));
const buryMessage = loadScript(new URL('../../lua/streams/bury-message.lua', import.meta.url));
const noteAttempts = loadScript(new URL('../../lua/streams/note-attempts.lua', import.meta.url));
const stillPending = loadScript(new URL('../../lua/streams/still-pending.lua', import.meta.url));

const ATTEMPTS_KEPT_MS = 86_400_000;

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
    return (rows as [string, string, number, number][]).map(([id, consumer, idleMs, deliveries]) => ({
      id,
      consumer,
      idleMs,
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

  /** Which of these entries, once delivered to the group, some consumer of it has and did not end. */
  async stillPending(ids: readonly string[]): Promise<string[]> {
    const { stream, group } = this.names;
    return (await stillPending.run(this.redis, [stream], [group, ...ids])) as string[];
  }

  /** Notes deliveries that did not end well, for the history of the dead letter. */
  async noteAttempts(attempts: readonly Attempt[]): Promise<void> {
    const { stream, group } = this.names;
    const keys = attempts.map(({ id }) => attemptsKey(stream, group, id));
    const args = attempts.flatMap(({ id, ...attempt }) => [id, attempt.delivery, JSON.stringify(attempt)]);
    await noteAttempts.run(this.redis, [stream, ...keys], [group, ATTEMPTS_KEPT_MS, ...args]);
  }

  /** The entry ended well after all. */
  async forgetAttempts(id: string): Promise<void> {
    const { stream, group } = this.names;
    await this.redis.unlink(attemptsKey(stream, group, id));
  }

  /**
   * Puts an entry aside, if it is still pending.
   *
   * @returns how many of the oldest dead letters had to make room; undefined when it was not pending any more
   */
  async bury(id: string, fields: readonly string[], mostKept: number): Promise<number | undefined> {
    const { stream, deadLetters, group, deleteDone } = this.names;
    const keys = [stream, deadLetters, attemptsKey(stream, group, id)];
    const args = [group, id, deleteDone ? 1 : 0, mostKept, ...fields];
    return ((await buryMessage.run(this.redis, keys, args)) as [number, number] | null)?.[1];
  }

  /** Removes consumers with nothing pending that were silent for so long. */
  async removeDead(silentMs: number): Promise<void> {
    await this.remove(silentMs, '');
  }

  /** Removes the own consumer, unless work of it is still pending, which another will claim. */
  async leave(): Promise<void> {
    await this.remove(0, this.names.consumer);
  }

  /** What the whole group has before it. */
  async backlog(): Promise<Backlog> {
    const { stream, group } = this.names;
    const rows = (await this.redis.xinfo('GROUPS', stream)) as (string | number | null)[][];
    const row = rows.find((fields) => fields[1] === group);
    if (row === undefined) return { length: 0, pending: 0 };
    const valueOf = (name: string) => row[row.indexOf(name) + 1];
    const pending = Number(valueOf('pending'));
    const from = `(${valueOf('last-delivered-id')}`;
    const [length, [waiting], [, oldestPending]] = await Promise.all([
      this.redis.xlen(stream),
      this.redis.xrange(stream, from, '+', 'COUNT', 1),
      this.redis.xpending(stream, group) as Promise<[number, string | null]>,
    ]);
    // Redis 6.2 does not count the lag; it may not know it later either.
    const lag = valueOf('lag');
    return {
      length: typeof lag === 'number' ? lag + pending : length,
      pending,
      oldestWaiting: waiting?.[0],
      oldestPending: oldestPending ?? undefined,
    };
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

/** One delivery that did not end well. */
export interface Attempt {
  /** Id of the entry. */
  readonly id: string;
  /** 1 for the first. */
  readonly delivery: number;
  readonly consumer: string;
  /** ISO 8601. */
  readonly at: string;
  /** What was thrown; absent when the consumer was not heard of again. */
  readonly error?: string;
}

/** What a group has before it. */
export interface Backlog {
  /** Not ended: waiting and pending. */
  readonly length: number;
  /** Taken by some consumer and not ended. */
  readonly pending: number;
  /** Id of the oldest entry that no consumer has taken. */
  readonly oldestWaiting?: string;
  /** Id of the oldest entry that a consumer has taken and not ended. */
  readonly oldestPending?: string;
}

/** Whether the group, or the whole stream, is gone: somebody flushed Redis. It is made anew then. */
export function isGroupGone(error: unknown): boolean {
  return ['NOGROUP', 'UNBLOCKED'].includes(redisErrorCode(error) ?? '') || /no such key/.test(String(error));
}

type RawEntry = [id: string, fields: string[] | null];

function toEntry([id, fields]: RawEntry): StreamEntry {
  return { id, fields: fields ?? [] };
}
