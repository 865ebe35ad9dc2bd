import { Inject, Injectable } from '@nestjs/common';
import type { RedisConnection } from './redis.connection.js';
import { demandAnswer } from './redis.cluster.js';
import { REDIS } from './redis.tokens.js';

/** Whether Redis answers now. */
@Injectable()
export class RedisHealth {
  constructor(@Inject(REDIS) private readonly redis: RedisConnection) {}

  /** Resolves when Redis, or every node of a cluster that holds keys, answered; else rejects within five seconds. */
  async check(): Promise<void> {
    await demandAnswer(this.redis);
  }
}
