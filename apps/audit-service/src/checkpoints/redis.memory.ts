import { loadScript, REDIS, type RedisConnection } from '@gatehouse/redis';
import { type Checkpoint, formatCheckpoint, parseCheckpoint } from '@gatehouse/transparency-log';
import { Inject, Injectable } from '@nestjs/common';
import { AuditEnvironment } from '../audit.environment.js';
import type { HeadMemory } from './signed-head.js';

const REMEMBER = loadScript(new URL('../../lua/checkpoints/remember-head.lua', import.meta.url));

/** The last signed head in Redis. */
@Injectable()
export class RedisMemory implements HeadMemory {
  readonly name = 'Redis';

  constructor(
    @Inject(REDIS) private readonly redis: RedisConnection,
    private readonly environment: AuditEnvironment,
  ) {}

  async recall(origin: string): Promise<Checkpoint | undefined> {
    const text = await this.redis.hget(this.key(origin), 'text');
    return text === null ? undefined : parseCheckpoint(text);
  }

  async remember(head: Checkpoint): Promise<void> {
    const kept = await REMEMBER.run(this.redis, [this.key(head.origin)], [head.size, formatCheckpoint(head)]);
    if (kept !== 1) throw new Error('Redis remembers another signed head meanwhile');
  }

  private key(origin: string): string {
    return `${this.environment.namespace}:{audit-log}:signed-head:${origin}`;
  }
}
