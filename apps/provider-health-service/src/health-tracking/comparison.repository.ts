import { Inject, Injectable } from '@nestjs/common';
import { REDIS, type RedisConnection, serverOf } from '@gatehouse/redis';
import { ProviderHealthEnvironment } from '../provider-health.environment.js';
import { ProviderHealthKeys } from './provider-health-keys.js';

const RECONCILIATION_MS = 10_000;

/** When Redis was compared with PostgreSQL, as Redis knows it. */
@Injectable()
export class ComparisonRepository {
  private readonly keys: ProviderHealthKeys;

  constructor(
    @Inject(REDIS) private readonly redis: RedisConnection,
    environment: ProviderHealthEnvironment,
  ) {
    this.keys = new ProviderHealthKeys(environment.namespace);
  }

  /** The Redis that there is: another one may have lost something. Nodes of a cluster have an incarnation each. */
  async incarnation(): Promise<string | undefined> {
    const server = serverOf(this.redis, this.keys.transitions) ?? this.redis;
    return /^run_id:(\w+)/m.exec(await server.info('server'))?.[1];
  }

  /** The incarnation for which everything was compared with PostgreSQL. */
  compared(): Promise<string | null> {
    return this.redis.get(this.keys.compared);
  }

  async noteCompared(incarnation: string): Promise<void> {
    await this.redis.set(this.keys.compared, incarnation);
  }

  /** @returns whether it is time to reconcile Redis with PostgreSQL: once in ten seconds for all that ask */
  async claimReconciliation(): Promise<boolean> {
    const { reconciled } = this.keys;
    return (await this.redis.set(reconciled, 1, 'PX', RECONCILIATION_MS, 'NX')) === 'OK';
  }
}
