import type { AuditEvent, AppendResults } from '@gatehouse/audit-contracts';
import pg from 'pg';
import type { KillablePostgres } from '../../tools/testing/killable-postgres.mjs';
import { type KillableRedis, startKillableRedis } from '../../tools/testing/killable-redis.mjs';
import { aServiceToken, aToken, ISSUER } from '../support/access-tokens.js';
import { Platform } from '../support/platform.js';
import { Child } from './child.js';
import { ServiceReplica } from './service-replica.js';
import { startPostgres } from './stoppable-postgres.js';

const SECRET = 'a-secret-of-the-tests-that-is-long-enough';
/** What services share on Redis where nobody says otherwise. */
const NAMESPACE = 'gatehouse';

export const AUDIT_LOG_ORIGIN = 'faults.test/audit';

/** Replicas of audit-service and services that tell it events, each in a process of its own, on engines that can be killed. */
export class AuditFleet {
  readonly replicas: ServiceReplica[] = [];
  readonly producers = new Map<string, Child>();
  private readonly databases = new Set<string>();
  private turn = 0;

  private constructor(
    readonly redis: KillableRedis,
    readonly postgres: KillablePostgres,
    private readonly platform: Platform,
    /** May read the trail. */
    readonly reader: string,
    private readonly writer: string,
  ) {}

  static async start(): Promise<AuditFleet> {
    const [redis, postgres] = await Promise.all([startKillableRedis(), startPostgres()]);
    const platform = await new Platform(NAMESPACE, redis.settings).open();
    const reader = await aToken(platform.key, { claims: { role: 'admin', sub: 'auditor' } });
    const writer = await aServiceToken(platform.key, 'importer', ['audit:write']);
    return new AuditFleet(redis, postgres, platform, reader, writer);
  }

  async replica(): Promise<void> {
    const replica = await ServiceReplica.spawn('audit-service', {
      env: {
        ...{ ISSUER, AUTH_URL: this.platform.url, REDIS_URL: this.redis.url },
        ...{ ENCRYPTION_KEY: SECRET, AUDIT_LOG_SIGNING_KEY: SECRET, AUDIT_LOG_ORIGIN },
        AUDIT_DATABASE_URL: this.database('audit'),
        AUDIT_KEYS_DATABASE_URL: this.database('audit_keys'),
      },
    });
    this.replicas.push(replica);
  }

  /** Ends the oldest replica with -9, and starts another. */
  async replaceReplica(): Promise<void> {
    await this.replicas.shift()?.kill();
    await this.replica();
  }

  /** Starts the process of a service, or, with -9, another in its place. */
  async producer(service: string): Promise<void> {
    await this.producers.get(service)?.kill();
    const token = await aServiceToken(this.platform.key, service, ['audit:write']);
    const options = { service, database: this.database(service), redis: this.redis.settings, token };
    this.producers.set(service, await Child.start('audit-producer', options).ready());
  }

  /** Offers events to one replica after the other; undefined when it did not take them. */
  async append(events: readonly AuditEvent[]): Promise<AppendResults['results'] | undefined> {
    const replica = this.replicas[this.turn++ % this.replicas.length];
    const options = { body: { events }, token: this.writer, signal: AbortSignal.timeout(10_000) };
    const answer = await replica
      ?.call<AppendResults>('POST', '/v1/audit/events', options)
      .catch(() => undefined);
    return answer?.status === 200 ? answer.body.results : undefined;
  }

  async query<Row>(sql: string): Promise<Row[]> {
    const client = new pg.Client({ connectionString: this.database('audit') });
    await client.connect();
    try {
      return (await client.query(sql)).rows as Row[];
    } finally {
      await client.end();
    }
  }

  async stop(): Promise<void> {
    await Promise.all([...this.producers.values(), ...this.replicas].map((process) => process.kill()));
    await this.platform.close();
    const server = new URL(this.postgres.url);
    server.pathname = '/postgres';
    const client = new pg.Client({ connectionString: server.href });
    await client.connect();
    for (const name of this.databases) await client.query(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`);
    await client.end();
    await Promise.all([this.redis.remove(), this.postgres.remove()]);
  }

  private database(name: string): string {
    const url = new URL(this.postgres.url);
    url.pathname += `_${name}`;
    this.databases.add(url.pathname.slice(1));
    return url.href;
  }
}
