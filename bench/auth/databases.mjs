import { randomBytes } from 'node:crypto';
import pg from 'pg';

/** Empty databases on one server, removed in the end. */
export class Databases {
  #server;
  #names = [];

  constructor(server) {
    this.#server = server;
  }

  /** @returns its URL */
  async create(label) {
    const name = `bench_${label}_${randomBytes(6).toString('hex')}`;
    await this.#execute(`CREATE DATABASE "${name}"`);
    this.#names.push(name);
    const url = new URL(this.#server);
    url.pathname = `/${name}`;
    return url.href;
  }

  async remove() {
    for (const name of this.#names) await this.#execute(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`);
  }

  async #execute(statement) {
    const url = new URL(this.#server);
    if (url.pathname.length <= 1) url.pathname = '/postgres';
    await query(url.href, statement);
  }
}

/** One statement on a connection of its own. */
export async function query(url, statement, values) {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {}); // it is dropped together with its database
  await client.connect();
  try {
    return (await client.query(statement, values)).rows;
  } finally {
    await client.end();
  }
}
