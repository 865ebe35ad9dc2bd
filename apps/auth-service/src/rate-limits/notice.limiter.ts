import { Inject, Injectable } from '@nestjs/common';
import { REDIS, type RedisConnection } from '@gatehouse/redis';
import { AuthEnvironment } from '../auth.environment.js';
import { AttemptCounter } from './attempt.counter.js';
import { TooManyRequestsError } from './rate-limits.errors.js';

/** Decides what is told of refusals: a flood must not fill the audit trail. While Redis is away each process for itself. */
@Injectable()
export class NoticeLimiter {
  private readonly notices: AttemptCounter;

  constructor(@Inject(REDIS) redis: RedisConnection, { namespace }: AuthEnvironment) {
    const limit = { count: 1, seconds: 60 };
    this.notices = new AttemptCounter(redis, { name: 'notice', limit, namespace, insured: true });
  }

  /** Whether it is the first of its kind in a minute. */
  async isNews(kind: string): Promise<boolean> {
    try {
      await this.notices.count(kind);
      return true;
    } catch (error) {
      if (error instanceof TooManyRequestsError) return false;
      throw error;
    }
  }
}
