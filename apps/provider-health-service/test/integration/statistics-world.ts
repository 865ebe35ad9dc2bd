import { migrateDatabase } from '@gatehouse/database';
import { createRedis, firstConnection, type RedisConnection } from '@gatehouse/redis';
import { DataSource } from 'typeorm';
import { type FreshDatabase, freshDatabase } from '../../../../test/support/postgres.js';
import { freshNamespace, removeNamespace, testRedisSettings } from '../../../../test/support/redis.js';
import { TransitionEntity } from '../../src/events/transition.entity.js';
import { ProviderHealthKeys } from '../../src/health-tracking/provider-health-keys.js';
import { providerHealthDatabase } from '../../src/provider-health.database.js';
import { CountedBatchRepository } from '../../src/statistics/counted-batch.repository.js';
import { OutcomeAggregator } from '../../src/statistics/outcome.aggregator.js';
import type { ReportedEntry } from '../../src/statistics/outcome-entry.js';
import { OutcomeStreamRepository } from '../../src/statistics/outcome-stream.repository.js';
import { RollupRepository } from '../../src/statistics/rollup.repository.js';
import type { Tally } from '../../src/statistics/tally.js';
import { anEnvironment } from '../an-environment.js';

export type Outcomes = ReportedEntry['outcomes'];

/** The parts of a replica that count, as each replica has them. */
export class CountingReplica {
  readonly batches: CountedBatchRepository;
  readonly rollups: RollupRepository;
  readonly recorder: OutcomeAggregator;

  constructor(
    readonly dataSource: DataSource,
    readonly stream: OutcomeStreamRepository,
  ) {
    this.batches = new CountedBatchRepository(dataSource);
    this.rollups = new RollupRepository(dataSource);
    this.recorder = new OutcomeAggregator(dataSource, stream, this.batches, this.rollups);
  }

  /** Counts until there is nothing that it may count. */
  async countAll(): Promise<void> {
    while ((await this.recorder.recordHead())?.more);
  }
}

/** A database and a stream of outcomes, with any number of replicas that count. */
export class StatisticsWorld {
  readonly namespace = freshNamespace('statistics');
  readonly environment = anEnvironment({ namespace: this.namespace });
  readonly stream = new ProviderHealthKeys(this.namespace).outcomes;
  redis!: RedisConnection;
  private database!: FreshDatabase;
  private readonly dataSources: DataSource[] = [];

  /** @param settings another Redis than that of the run */
  async open(settings = testRedisSettings()): Promise<void> {
    this.redis = createRedis(settings, { name: 'test', role: 'commands' });
    await firstConnection(this.redis, 5_000);
    this.database = await freshDatabase('statistics');
    const environment = anEnvironment({ namespace: this.namespace, databaseUrl: this.database.url });
    await migrateDatabase(providerHealthDatabase(environment));
  }

  async close(): Promise<void> {
    for (const dataSource of this.dataSources) await dataSource.destroy();
    this.redis.disconnect();
    await removeNamespace(this.namespace);
    await this.database.drop();
  }

  /** @param stream in place of the real one, to fail where a test wants it */
  async replica(
    stream = new OutcomeStreamRepository(this.redis, this.environment),
  ): Promise<CountingReplica> {
    const url = this.database.url;
    const dataSource = new DataSource({
      ...{ type: 'postgres', url, entities: [TransitionEntity], installExtensions: false },
      poolErrorHandler: () => undefined,
    });
    this.dataSources.push(await dataSource.initialize());
    return new CountingReplica(dataSource, stream);
  }

  async addProvider(replica: CountingReplica, name: string, createdAt = new Date(0)): Promise<void> {
    await replica.dataSource.query(
      `INSERT INTO provider (name, kind, base_url, priority, weight, models, tags, policy, created_at)
       VALUES ($1, 'test', 'https://api.example.test', 1, 1, '{}', '{}', '{}', $2)`,
      [name, createdAt],
    );
  }

  /** As the recording script does. @param id of the entry, `*` for the next */
  append(at: number, outcomes: Outcomes, id = '*'): Promise<string | null> {
    return this.redis.xadd(this.stream, id, 'at', at, 'outcomes', JSON.stringify(outcomes));
  }

  /** How many outcomes were counted by grain: each of them has them all. */
  async counted(replica: CountingReplica): Promise<Record<'minute' | 'hour' | 'day', number>> {
    const counts = { minute: 0, hour: 0, day: 0 };
    for (const grain of ['minute', 'hour', 'day'] as const) {
      const sums = await replica.rollups.sum('all', [{ grain, from: 0, until: Infinity }]);
      for (const tally of sums.values()) counts[grain] += callsOf(tally);
    }
    return counts;
  }
}

export function callsOf({ successes, failures }: Tally): number {
  let calls = successes;
  for (const count of failures.values()) calls += count;
  return calls;
}
