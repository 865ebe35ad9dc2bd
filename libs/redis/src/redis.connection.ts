import type { EventEmitter } from 'node:events';
import type { RedisCommander } from 'ioredis';

/**
 * A connection for commands: an ioredis `Redis`, or the `Cluster` whose nodes it finds by itself. All keys of one
 * command or script share a hash tag, `{…}` in their names.
 */
export interface RedisConnection extends RedisCommander, Pick<EventEmitter, 'on' | 'once' | 'off'> {
  /** `ready` when commands go through; anything else fails them at once. */
  readonly status: string;
  disconnect(): void;
}
