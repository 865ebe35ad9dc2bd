import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { demandOneHashTag } from './hash-tag.js';
import type { RedisConnection } from './redis.connection.js';

/** A Lua script that runs by its hash, and is sent whole only to a Redis that does not know it yet. */
export class RedisScript {
  private readonly hash: string;

  /** @param source Lua, opened by a comment: purpose, KEYS, ARGV, Returns */
  constructor(private readonly source: string) {
    this.hash = createHash('sha1').update(source).digest('hex');
  }

  /**
   * Runs the script, atomically.
   *
   * @param keys all that it touches; several share one hash tag, `{…}` in their names, so that it runs in a cluster too
   * @returns what the script returns: numbers, strings, `null` for `nil` and `false`, arrays of those
   */
  async run(
    redis: RedisConnection,
    keys: readonly string[],
    args: readonly (string | number)[] = [],
  ): Promise<unknown> {
    demandOneHashTag(keys);
    try {
      return await redis.evalsha(this.hash, keys.length, ...keys, ...args);
    } catch (error) {
      if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
      return redis.eval(this.source, keys.length, ...keys, ...args);
    }
  }
}

/**
 * Reads a script once, at load: `loadScript(new URL('../../lua/sessions/rotate.lua', import.meta.url))`. The path
 * is the same from `src` and `dist`.
 *
 * @param files several run as one, in this order: what one declares, those behind it can use
 */
export function loadScript(...files: readonly URL[]): RedisScript {
  return new RedisScript(files.map((file) => readFileSync(file, 'utf8')).join('\n'));
}
