import pg from 'pg';

const UNDEFINED_DATABASE = '3D000';
const DUPLICATE_DATABASE = '42P04';
const UNIQUE_VIOLATION = '23505';

/**
 * Opens one connection outside the pool. The caller ends it.
 *
 * @param queryTimeoutMs how long a query may take; without it as long as it takes
 */
export async function connectClient(
  url: string,
  applicationName: string,
  queryTimeoutMs?: number,
): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    application_name: applicationName,
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
    query_timeout: queryTimeoutMs,
    // The server notices within half a minute that this process is gone, host and all, and frees its locks.
    options: '-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3',
  });
  // A connection that breaks while idle reports it here as well as in its next query, which is where it is handled.
  client.on('error', () => {});
  await client.connect();
  return client;
}

/**
 * Creates the database that a URL names when its server lacks it; two that try at once both succeed.
 *
 * @throws what `pg` throws when the server is away or the role may not create databases
 */
export async function ensureDatabase(url: string, applicationName: string): Promise<void> {
  try {
    const client = await connectClient(url, applicationName);
    await client.end();
  } catch (error) {
    if (codeOf(error) !== UNDEFINED_DATABASE) throw error;
    await createDatabase(url, applicationName);
  }
}

async function createDatabase(url: string, applicationName: string): Promise<void> {
  const maintenance = new URL(url);
  const name = decodeURIComponent(maintenance.pathname.slice(1));
  maintenance.pathname = '/postgres';
  const client = await connectClient(maintenance.href, applicationName);
  try {
    await client.query(`CREATE DATABASE ${pg.escapeIdentifier(name)}`);
  } catch (error) {
    if (codeOf(error) !== DUPLICATE_DATABASE && codeOf(error) !== UNIQUE_VIOLATION) throw error;
  } finally {
    await client.end();
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
