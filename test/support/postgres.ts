import { randomBytes } from 'node:crypto';
import pg from 'pg';

/** A database of its own for one test file. */
export interface FreshDatabase {
  readonly name: string;
  /** `postgres://…/<name>` */
  readonly url: string;
  /** Ends whoever is still connected and removes the database. */
  drop(): Promise<void>;
}

/** The server that `tools/test.mjs` started, or that the caller named: a URL without a database. */
export function testServerUrl(): string {
  const url = process.env['DATABASE_URL'];
  if (!url)
    throw new Error('DATABASE_URL is not set: run the tests by `npm test`, which starts the engines.');
  return url;
}

/** Creates an empty database on the test server. Drop it in `afterAll`. */
export async function freshDatabase(label = 'test'): Promise<FreshDatabase> {
  const name = `${label.replaceAll(/[^a-z0-9]+/g, '_')}_${randomBytes(6).toString('hex')}`;
  await execute(`CREATE DATABASE "${name}"`);
  const url = new URL(testServerUrl());
  url.pathname = `/${name}`;
  return {
    name,
    url: url.href,
    drop: () => execute(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`),
  };
}

async function execute(statement: string): Promise<void> {
  const url = new URL(testServerUrl());
  if (url.pathname.length <= 1) url.pathname = '/postgres';
  const client = new pg.Client({ connectionString: url.href, connectionTimeoutMillis: 10_000 });
  // DROP … WITH (FORCE) may end connections that are just closing; theirs is not this client's error.
  client.on('error', () => {});
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
