import { DataSource } from 'typeorm';
import { connectClient, ensureDatabase } from './database.creator.js';
import { type DatabaseOptions, dataSourceOptions } from './deferred-data.source.js';

/** "gate", and the number of this lock; advisory locks are the database's own, so one number serves every service. */
const MIGRATION_LOCK = [0x67617465, 1];

/**
 * Creates the database where it is missing and runs the migrations that it has not seen, in order, each in its own
 * transaction. Any number of processes may call it at once: one works, the others wait and then find nothing to do.
 *
 * @returns the names of the migrations that this call ran
 * @throws what the driver throws when the server is away, or the error of the migration that failed; those before
 *   it stay applied
 */
export async function migrateDatabase(
  options: Pick<DatabaseOptions, 'url' | 'applicationName' | 'migrations'>,
): Promise<string[]> {
  const applicationName = `${options.applicationName}:migrations`;
  await ensureDatabase(options.url, applicationName);
  const lock = await connectClient(options.url, applicationName);
  try {
    await lock.query('SELECT pg_advisory_lock($1, $2)', MIGRATION_LOCK);
    return await runPending({ ...options, applicationName, entities: [], role: undefined });
  } finally {
    // The lock ends with its connection.
    await lock.end();
  }
}

async function runPending(options: DatabaseOptions): Promise<string[]> {
  const settings = dataSourceOptions({ ...options, poolSize: 2, statementTimeoutMs: 3_600_000 }, () => {});
  const dataSource = new DataSource(settings);
  await dataSource.initialize();
  try {
    const migrations = await dataSource.runMigrations();
    return migrations.map((migration) => migration.name);
  } finally {
    await dataSource.destroy();
  }
}
