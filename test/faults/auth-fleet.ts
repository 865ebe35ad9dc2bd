import pg from 'pg';
import { type KillableRedis, startKillableRedis } from '../../tools/testing/killable-redis.mjs';
import { Door } from '../support/door.js';
import { type FreshDatabase, freshDatabase } from '../support/postgres.js';
import { AuthReplica } from './auth-replica.js';
import type { ReplicaOptions } from './service-replica.js';

/** What an audit event says of itself, as far as these tests ask. */
export interface ToldEvent {
  action: string;
  outcome: string;
  reason?: string;
  context?: { sessionId?: string };
  target?: { id?: string };
}

/** Replicas of auth-service in processes of their own, each at the engines or behind doors to them. */
export class AuthFleet {
  private readonly replicas: AuthReplica[] = [];
  private accounts = 0;

  private constructor(
    readonly redis: KillableRedis,
    readonly database: FreshDatabase,
    /** For those that are started behind them. */
    readonly doors: { redis: Door; database: Door },
  ) {}

  static async start(): Promise<AuthFleet> {
    const [redis, database] = await Promise.all([startKillableRedis(), freshDatabase('auth_fleet')]);
    const doors = { redis: new Door(new URL(redis.url)), database: new Door(new URL(database.url)) };
    await Promise.all([doors.redis.open(), doors.database.open()]);
    return new AuthFleet(redis, database, doors);
  }

  async replica(options: ReplicaOptions & { behindDoors?: boolean } = {}): Promise<AuthReplica> {
    const { redis, database } = options.behindDoors === true ? this.doors : this;
    const replica = await AuthReplica.start({ redis: redis.url, database: database.url }, options);
    this.replicas.push(replica);
    return replica;
  }

  anEmail(): string {
    return `account-${++this.accounts}@example.test`;
  }

  async query<Row extends object>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
    const client = new pg.Client({ connectionString: this.database.url });
    await client.connect();
    try {
      return (await client.query<Row>(sql, parameters)).rows;
    } finally {
      await client.end();
    }
  }

  /** The audit events that name an id, in their order: audit-service is not there to take them. */
  async told(id: string): Promise<ToldEvent[]> {
    const rows = await this.query<{ payload: string }>(
      `SELECT payload FROM outbox_message WHERE payload LIKE $1 ORDER BY id`,
      [`%${id}%`],
    );
    return rows.map(({ payload }) => JSON.parse(payload) as ToldEvent);
  }

  async stop(): Promise<void> {
    await Promise.all(this.replicas.map((replica) => replica.kill()));
    await Promise.all([this.doors.redis.close(), this.doors.database.close()]);
    await this.redis.remove();
    await this.database.drop();
  }
}
