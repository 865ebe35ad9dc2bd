import type { PoolClient } from 'pg';
import {
  DataSource,
  type DataSourceOptions,
  type EntityMetadata,
  type EntityTarget,
  type MigrationInterface,
  type ObjectLiteral,
  type QueryRunner,
} from 'typeorm';
import { DatabaseNotReadyError } from './database.errors.js';
import { SilentLogger } from './silent.logger.js';
import {
  type DatabaseSettings,
  DEFAULT_CONNECT_TIMEOUT_MS,
  DEFAULT_POOL_SIZE,
  DEFAULT_STATEMENT_TIMEOUT_MS,
} from './database-settings.js';

export type EntityClass = abstract new (...args: never[]) => object;
export type MigrationClass = new () => MigrationInterface;
export type DatabaseOptions = DatabaseSettings<EntityClass, MigrationClass>;

/**
 * TypeORM's `DataSource`, injected before it is connected: until then every query fails at once with
 * `DatabaseNotReadyError`. Repositories may be taken from it at any time.
 */
export class DeferredDataSource extends DataSource {
  override getMetadata(target: EntityTarget<ObjectLiteral>): EntityMetadata {
    const metadata = this.findMetadata(target);
    if (metadata === undefined && !this.isInitialized) throw new DatabaseNotReadyError();
    return metadata ?? super.getMetadata(target);
  }

  override createQueryRunner(mode?: 'master' | 'slave'): QueryRunner {
    if (!this.isInitialized) throw new DatabaseNotReadyError();
    return super.createQueryRunner(mode);
  }
}

const takeRole = (role: string) => async (client: PoolClient) => {
  await client.query(
    `SELECT set_config('role', rolname, false) FROM pg_roles WHERE rolname = $1 AND pg_has_role(oid, 'MEMBER')`,
    [role],
  );
};

/** TypeORM's options for a bounded pool in which a query fails rather than hangs. */
export function dataSourceOptions(
  options: DatabaseOptions,
  onIdleError: (error: Error) => void,
): DataSourceOptions {
  const statementTimeoutMs = options.statementTimeoutMs ?? DEFAULT_STATEMENT_TIMEOUT_MS;
  return {
    type: 'postgres',
    url: options.url,
    applicationName: options.applicationName,
    entities: [...options.entities],
    migrations: [...options.migrations],
    migrationsTransactionMode: 'each',
    logger: new SilentLogger(),
    installExtensions: false,
    poolSize: options.poolSize ?? DEFAULT_POOL_SIZE,
    connectTimeoutMS: options.connectTimeoutMs ?? DEFAULT_CONNECT_TIMEOUT_MS,
    poolErrorHandler: onIdleError,
    extra: {
      keepAlive: true,
      statement_timeout: statementTimeoutMs,
      // The client's own clock, for a server that has stopped answering altogether.
      query_timeout: statementTimeoutMs + 5_000,
      idle_in_transaction_session_timeout: 60_000,
      ...(options.role !== undefined && { onConnect: takeRole(options.role) }),
    },
  };
}
