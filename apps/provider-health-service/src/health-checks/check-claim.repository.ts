import { Inject, Injectable } from '@nestjs/common';
import { loadScript, REDIS, type RedisConnection } from '@gatehouse/redis';
import { ProviderHealthKeys } from '../health-tracking/provider-health-keys.js';
import { ProviderHealthEnvironment } from '../provider-health.environment.js';
import type { CheckedProvider } from '../providers/checked-provider.js';
import type { CheckClaim } from './check-claim.js';

const CLAIM = loadScript(new URL('../../lua/health-checks/claim-checks.lua', import.meta.url));

/** Which slots of which checks are given to somebody, in Redis. */
@Injectable()
export class CheckClaimRepository {
  private readonly keys: ProviderHealthKeys;

  constructor(
    @Inject(REDIS) private readonly redis: RedisConnection,
    environment: ProviderHealthEnvironment,
  ) {
    this.keys = new ProviderHealthKeys(environment.namespace);
  }

  /**
   * Takes what is due, each slot once in the fleet.
   *
   * @param of room: so many at most; patience: by which share of its interval to wait longer than other replicas do
   */
  async claim(
    providers: readonly CheckedProvider[],
    of: { room: number; patience: number },
  ): Promise<CheckClaim[]> {
    if (providers.length === 0) return [];
    const keys = providers.flatMap(({ name }) => [this.keys.health(name), this.keys.check(name)]);
    const ofEach = providers.flatMap(({ name, healthCheck }) => {
      const { intervalSeconds, jitter, suppressWhenTraffic } = healthCheck;
      return [name, intervalSeconds * 1000, jitter, suppressWhenTraffic ? 1 : 0];
    });
    const claimed = (await CLAIM.run(this.redis, keys, [of.room, of.patience, ...ofEach])) as (
      string | number
    )[];
    const claims: CheckClaim[] = [];
    for (let at = 0; at < claimed.length; at += 3) {
      const [index, slot, version] = claimed.slice(at, at + 3);
      const provider = providers[Number(index) - 1];
      if (provider === undefined) continue;
      claims.push({ provider, slot: Number(slot), ...(version !== '' && { version: Number(version) }) });
    }
    return claims;
  }

  /** Notes when a result was counted, so that it is not taken for traffic. @param at ms since 1970, by Redis */
  async noteRecorded(name: string, at: number): Promise<void> {
    await this.redis.hset(this.keys.check(name), 'recorded', at);
  }
}
