import { Inject, Injectable } from '@nestjs/common';
import { REDIS, type RedisConnection } from '@gatehouse/redis';
import { ProviderHealthKeys } from '../health-tracking/provider-health-keys.js';
import { ProviderHealthEnvironment } from '../provider-health.environment.js';

/** Three looks of a replica at every key, and a little. */
const HOLDS_MS = 100_000;

/** Which keys some replica has opened of late, in Redis: replicas differ while the secrets of `ENCRYPTION_KEY` are replaced. */
@Injectable()
export class ReadableKeyRepository {
  private readonly keys: ProviderHealthKeys;

  constructor(
    @Inject(REDIS) private readonly redis: RedisConnection,
    environment: ProviderHealthEnvironment,
  ) {
    this.keys = new ProviderHealthKeys(environment.namespace);
  }

  async note(keyIds: readonly string[]): Promise<void> {
    await Promise.all(keyIds.map((keyId) => this.redis.set(this.keys.readable(keyId), 1, 'PX', HOLDS_MS)));
  }

  async has(keyId: string): Promise<boolean> {
    return (await this.redis.exists(this.keys.readable(keyId))) === 1;
  }
}
