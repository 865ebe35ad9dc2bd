import { isRedisUnavailable, loadScript, type RedisConnection } from '@gatehouse/redis';
import type { Redis } from 'ioredis';
import type { ConsumerGroupNames } from './consumer.group.js';
import type { KeptAnswer, LastReply } from './delivery.js';
import { groupReplies } from '../requests/reply.js';

const completeMessages = loadScript(new URL('../../lua/streams/complete-messages.lua', import.meta.url));

const MOST_AT_ONCE = 256;
const RETRY_MS = 200;

interface Completion {
  readonly id?: string;
  readonly reply?: LastReply;
  readonly kept?: KeptAnswer;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

interface TurnEnd {
  readonly connection: Redis;
  readonly begin: () => void;
}

/**
 * Sends replies and acknowledgements, all of one turn of the event loop together. While Redis is away they wait: what
 * a handler has done is not done again because the connection broke.
 */
export class CompletionBatch {
  private waiting: Completion[] = [];
  private scheduled = false;
  private closed = false;
  private turnEnd: TurnEnd | undefined;

  constructor(
    private readonly redis: RedisConnection,
    private readonly names: ConsumerGroupNames,
    private readonly keptMs: number,
  ) {}

  /** Sends a reply for a message that goes on, or is not to be acknowledged; resolves when Redis has it. */
  publish(reply: LastReply): Promise<void> {
    return this.add({ reply });
  }

  /** Acknowledges the entry, publishes the reply, keeps the answer; resolves when Redis has done all of it. */
  end(id: string, { reply, kept }: { reply?: LastReply; kept?: KeptAnswer }): Promise<void> {
    return this.add({ id, reply, kept });
  }

  /** Gives up what could not be sent. */
  close(): void {
    this.closed = true;
  }

  private add(completion: Omit<Completion, 'resolve' | 'reject'>): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ ...completion, resolve, reject });
      this.schedule();
    });
  }

  /**
   * Begins something at the end of this turn of the event loop, right after what has ended in it was sent. Both go over
   * the same connection, and so together: one system call here, one wake-up of Redis.
   *
   * @param connection does not wait for anything now
   */
  endTurn<T>(connection: Redis, begin: () => Promise<T>): Promise<T> {
    return new Promise((resolve) => {
      this.turnEnd = { connection, begin: () => resolve(begin()) };
      this.schedule();
    });
  }

  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    setImmediate(() => {
      this.scheduled = false;
      const { turnEnd } = this;
      this.turnEnd = undefined;
      if (turnEnd === undefined) void this.flush();
      else this.flushBefore(turnEnd);
    });
  }

  private flushBefore({ connection, begin }: TurnEnd): void {
    const socket: Redis['stream'] | undefined = connection.stream;
    socket?.cork();
    void this.flush(connection);
    begin();
    socket?.uncork();
  }

  private async flush(first: RedisConnection = this.redis): Promise<void> {
    let connection = first;
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0, MOST_AT_ONCE);
      try {
        const sent = this.send(batch, connection);
        // The first one may wait for entries from now on.
        connection = this.redis;
        await sent;
        for (const { resolve } of batch) resolve();
      } catch (error) {
        if (!isRedisUnavailable(error) || this.closed) {
          for (const { reject } of batch) reject(error);
          return;
        }
        this.waiting.unshift(...batch);
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  }

  private async send(batch: readonly Completion[], connection: RedisConnection): Promise<void> {
    const { stream, group, deleteDone } = this.names;
    const keys = [stream];
    const ids: string[] = [];
    const answers: string[] = [];
    const replies: LastReply[] = [];
    for (const { id, reply, kept } of batch) {
      if (id !== undefined) ids.push(id);
      if (reply !== undefined) replies.push(reply);
      if (kept !== undefined) {
        keys.push(kept.record);
        answers.push(id ?? '', kept.text);
      }
    }
    const header = [group, deleteDone ? 1 : 0, ids.length, this.keptMs];
    const args = [...header, ...ids, ...answers, ...groupReplies(replies)];
    await completeMessages.run(connection, keys, args);
  }
}
