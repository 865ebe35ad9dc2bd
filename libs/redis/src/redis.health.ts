import { Inject, Injectable } from '@nestjs/common';
import type { RedisConnection } from './redis.connection.js';
import { REDIS } from './redis.tokens.js';

/** Whether Redis answers now. */
@Injectable()
export class RedisHealth {
  constructor(@Inject(REDIS) private readonly redis: RedisConnection) {}

  /** Resolves when Redis answered a `PING`; rejects at once, or after five seconds, when it does not. */
  async check(): Promise<void> {
    await this.redis.ping();
  }
}
