import { readFileSync } from 'node:fs';
import type { RedisConnection } from '@gatehouse/redis';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import type { LimitState, RateLimit } from './rate-limit.js';
import { TooManyRequestsError } from './rate-limits.errors.js';

const COUNT_ATTEMPT = readFileSync(
  new URL('../../lua/rate-limits/count-attempt.lua', import.meta.url),
  'utf8',
);

export interface AttemptCounterOptions {
  /** What is counted, e.g. `login-address`. */
  name: string;
  limit: RateLimit;
  /** First part of the keys. */
  namespace: string;
  /** Counts in this process alone while Redis is away; else the error of Redis is thrown. */
  insured?: boolean;
}

/**
 * Attempts by key in windows of a fixed length, counted by all replicas together. An attempt is counted before it is made:
 * of any number at once no more than the limit get through.
 */
export class AttemptCounter {
  readonly name: string;
  private readonly limit: RateLimit;
  private readonly limiter: RateLimiterRedis;

  constructor(redis: RedisConnection, { name, limit, namespace, insured = false }: AttemptCounterOptions) {
    this.name = name;
    this.limit = limit;
    const window = { points: limit.count, duration: limit.seconds };
    this.limiter = new RateLimiterRedis({
      ...window,
      storeClient: redis,
      keyPrefix: `${namespace}:auth:attempts:${name}`,
      customIncrTtlLuaScript: COUNT_ATTEMPT,
      ...(insured ? { insuranceLimiter: new RateLimiterMemory(window) } : {}),
    });
  }

  /** @throws TooManyRequestsError (429) when the window has none left */
  async count(key: string): Promise<LimitState> {
    try {
      return this.state(await this.limiter.consume(key));
    } catch (refusal) {
      if (refusal instanceof RateLimiterRes) throw new TooManyRequestsError(this.state(refusal));
      throw refusal;
    }
  }

  /** Counts nothing. @throws TooManyRequestsError (429) when the window has none left */
  async demandLeft(key: string): Promise<void> {
    const counted = await this.limiter.get(key);
    if (counted !== null && counted.remainingPoints <= 0) throw new TooManyRequestsError(this.state(counted));
  }

  /** For an attempt that should not have been counted after all. */
  async giveBack(key: string): Promise<LimitState> {
    return this.state(await this.limiter.reward(key));
  }

  /** Forgets the attempts of the window. */
  async reset(key: string): Promise<LimitState> {
    await this.limiter.delete(key);
    const { name, limit } = this;
    return { name, limit, remaining: limit.count, resetSeconds: limit.seconds };
  }

  private state({ remainingPoints, msBeforeNext }: RateLimiterRes): LimitState {
    const { name, limit } = this;
    return {
      name,
      limit,
      remaining: remainingPoints,
      resetSeconds: Math.max(1, Math.ceil(msBeforeNext / 1000)),
    };
  }
}
