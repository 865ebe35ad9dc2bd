import { loadScript, type RedisConnection } from '@gatehouse/redis';
import type { ConsumerGroupNames } from '../streams/consumer.group.js';
import { onceKey } from '../transport-keys.js';

const beginOnce = loadScript(new URL('../../lua/idempotency/begin-once.lua', import.meta.url));

/** How a message that is to be done once may go on. */
export type OnceStep =
  | { readonly kind: 'begin' }
  /** It was done: this is what it answered, as JSON. */
  | { readonly kind: 'kept'; readonly text: string }
  /** This entry carries the same message and is at work. */
  | { readonly kind: 'wait'; readonly entryId: string }
  /** The same id asked for something else before. */
  | { readonly kind: 'conflict' };

/** What Redis knows of the messages of one stream that one group does once each. */
export class OnceKeeper {
  constructor(
    private readonly redis: RedisConnection,
    private readonly names: Pick<ConsumerGroupNames, 'stream' | 'group'>,
    private readonly windowMs: number,
  ) {}

  /** Name of the hash in which the answer to the message is kept. */
  recordOf(messageId: string): string {
    return onceKey(this.names.stream, this.names.group, messageId);
  }

  async begin(messageId: string, entryId: string, fingerprint: string): Promise<OnceStep> {
    const { stream, group } = this.names;
    const keys = [stream, this.recordOf(messageId)];
    const args = [group, entryId, fingerprint, this.windowMs];
    const [kind, value = ''] = (await beginOnce.run(this.redis, keys, args)) as [string, string?];
    if (kind === 'kept') return { kind, text: value };
    if (kind === 'wait') return { kind, entryId: value };
    return kind === 'conflict' ? { kind } : { kind: 'begin' };
  }
}
