import type { Redis } from 'ioredis';
import type { DataSource } from 'typeorm';

/** Every row of every table, as text; bytes are hexadecimal. */
export async function writtenInTables(dataSource: DataSource): Promise<string> {
  const tables: { name: string }[] = await dataSource.query(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
     WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
  );
  const texts: string[] = [];
  for (const { name } of tables) {
    const rows: { row: string }[] = await dataSource.query(`SELECT t::text AS row FROM ${name} t`);
    texts.push(...rows.map(({ row }) => row));
  }
  return texts.join('\n');
}

/** Every key of the namespace with all that it holds; bytes that are no text as Latin-1. */
export async function writtenInRedis(redis: Redis, namespace: string): Promise<string> {
  const texts: string[] = [];
  for await (const keys of redis.scanStream({ match: `*${namespace}*`, count: 500 }))
    for (const key of keys as string[]) texts.push(key, await valueOf(redis, key));
  return texts.join('\n');
}

const READ: Readonly<Record<string, (key: string) => [string, ...(string | number)[]]>> = {
  string: (key) => ['get', key],
  hash: (key) => ['hgetall', key],
  list: (key) => ['lrange', key, 0, -1],
  set: (key) => ['smembers', key],
  zset: (key) => ['zrange', key, 0, -1],
  stream: (key) => ['xrange', key, '-', '+'],
};

async function valueOf(redis: Redis, key: string): Promise<string> {
  const type = await redis.type(key);
  if (type === 'none') return '';
  const [command, ...args] = READ[type]?.(key) ?? [];
  if (command === undefined) throw new Error(`${key} is a ${type}, which nobody has looked at`);
  return flat(await redis.callBuffer(command, ...args));
}

const flat = (value: unknown): string =>
  Buffer.isBuffer(value) ? value.toString('latin1') : Array.isArray(value) ? value.map(flat).join('\n') : '';

/** The forms in which a secret is found in a text: in clear, hexadecimal, or within base64, wherever it begins. */
export function tracesOf(secret: string, text: string): string[] {
  const bytes = Buffer.from(secret);
  const forms = [
    secret,
    bytes.toString('hex'),
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
  ];
  for (const before of [0, 1, 2]) {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    // The first and the last characters hold bits of what stands beside it.
    const inner = encoded.slice(before === 0 ? 0 : before + 1, -1);
    forms.push(inner, inner.replaceAll('+', '-').replaceAll('/', '_'));
  }
  const lower = text.toLowerCase();
  return forms.filter((form) => text.includes(form) || lower.includes(form.toLowerCase()));
}
