import { Inject, Injectable } from '@nestjs/common';
import { REDIS, type RedisConnection } from '@gatehouse/redis';
import { AuthEnvironment } from '../auth.environment.js';
import { AttemptCounter } from './attempt.counter.js';
import { clientNetwork } from './client-network.js';
import { TooManyRequestsError } from './rate-limits.errors.js';

/**
 * Counts API keys that there are not by the address that shows them. What comes without an address, from a service, is not
 * counted. While Redis is away each process counts for itself.
 */
@Injectable()
export class UnknownApiKeyLimiter {
  private readonly counter: AttemptCounter;

  constructor(@Inject(REDIS) redis: RedisConnection, { variables, namespace }: AuthEnvironment) {
    this.counter = new AttemptCounter(redis, {
      name: 'unknown-api-key-address',
      limit: variables.UNKNOWN_API_KEY_LIMIT_PER_ADDRESS,
      namespace,
      insured: true,
    });
  }

  /** Before a key is looked for. @throws TooManyRequestsError when none more is looked for from there */
  async demandAttempt(address: string | undefined): Promise<void> {
    if (address !== undefined) await this.counter.demandLeft(clientNetwork(address));
  }

  /** For a key that there is not. */
  async count(address: string | undefined): Promise<void> {
    if (address === undefined) return;
    try {
      await this.counter.count(clientNetwork(address));
    } catch (error) {
      // Many at once used it up: the next one is refused.
      if (!(error instanceof TooManyRequestsError)) throw error;
    }
  }
}
