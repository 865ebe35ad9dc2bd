import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';

/** The shape of `RedisSettings` in `@gatehouse/redis`. */
export interface TestRedisSettings {
  readonly host: string;
  readonly port: number;
  readonly db: number;
  readonly username?: string;
  readonly password?: string;
  readonly tls: boolean;
}

/** The Redis that `tools/test.mjs` started, or that the caller named. */
export function testRedisUrl(): string {
  const url = process.env['REDIS_URL'];
  if (!url) throw new Error('REDIS_URL is not set: run the tests by `npm test`, which starts the engines.');
  return url;
}

/** The parts of REDIS_URL, or of another. */
export function testRedisSettings(address = testRedisUrl()): TestRedisSettings {
  const url = new URL(address);
  return {
    host: url.hostname,
    port: Number(url.port || 6379),
    db: Number(url.pathname.slice(1) || 0),
    ...(url.username ? { username: decodeURIComponent(url.username) } : {}),
    ...(url.password ? { password: decodeURIComponent(url.password) } : {}),
    tls: url.protocol === 'rediss:',
  };
}

/** A prefix for keys and channels that no other test file uses. Remove what it holds in `afterAll`. */
export function freshNamespace(label = 'test'): string {
  return `${label}-${randomBytes(6).toString('hex')}`;
}

/** Removes every key whose name holds the namespace. */
export async function removeNamespace(namespace: string): Promise<void> {
  const redis = new Redis(testRedisUrl(), { maxRetriesPerRequest: 1 });
  try {
    for await (const keys of redis.scanStream({ match: `*${namespace}*`, count: 500 })) {
      const found = keys as string[];
      if (found.length > 0) await redis.unlink(...found);
    }
  } finally {
    redis.disconnect();
  }
}
