import { isRedisUnavailable, loadScript, type RedisConnection } from '@gatehouse/redis';
import type { ConsumerGroupNames } from './consumer.group.js';

const completeMessages = loadScript(new URL('../lua/complete-messages.lua', import.meta.url));

const MOST_AT_ONCE = 256;
const RETRY_MS = 200;

interface Completion {
  readonly id?: string;
  readonly reply?: { readonly channel: string; readonly text: string };
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Sends replies and acknowledgements, all of one turn of the event loop together. While Redis is away they wait: what
 * a handler has done is not done again because the connection broke.
 */
export class CompletionBatch {
  private waiting: Completion[] = [];
  private scheduled = false;
  private closed = false;

  constructor(
    private readonly redis: RedisConnection,
    private readonly names: ConsumerGroupNames,
  ) {}

  /** Acknowledges the entry, if one is given, and publishes the reply; resolves when Redis has done both. */
  add(id: string | undefined, reply?: Completion['reply']): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ id, reply, resolve, reject });
      this.schedule();
    });
  }

  /** Gives up what could not be sent. */
  close(): void {
    this.closed = true;
  }

  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    setImmediate(() => {
      this.scheduled = false;
      void this.flush();
    });
  }

  private async flush(): Promise<void> {
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0, MOST_AT_ONCE);
      try {
        await this.send(batch);
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

  private async send(batch: readonly Completion[]): Promise<void> {
    const ids = batch.flatMap(({ id }) => (id === undefined ? [] : [id]));
    const replies = batch.flatMap(({ reply }) => (reply === undefined ? [] : [reply.channel, reply.text]));
    const { stream, group, deleteDone } = this.names;
    const args = [group, deleteDone ? 1 : 0, ids.length, ...ids, ...replies];
    await completeMessages.run(this.redis, [stream], args);
  }
}
