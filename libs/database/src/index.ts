export { BatchedHousekeeper } from './batched.housekeeper.js';
export { ConnectionPool } from './connection.pool.js';
export { DatabaseConnection } from './database.connection.js';
export { DatabaseNotReadyError } from './database.errors.js';
export { isDatabaseUnavailable } from './database-failures.js';
export { DatabaseModule, type DatabaseModuleAsyncOptions, openDatabase } from './database.module.js';
export { type DatabaseSettings, retryDelayMs } from './database-settings.js';
export type { DatabaseOptions, EntityClass, MigrationClass } from './deferred-data.source.js';
export { migrateDatabase } from './migration.runner.js';
export {
  PooledConnection,
  queryPrepared,
  type StatementCondition,
  type StatementExecutor,
} from './pooled.connection.js';
