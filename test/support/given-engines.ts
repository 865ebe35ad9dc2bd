import { Redis } from 'ioredis';
import { freshDatabase } from './postgres.js';
import { testRedisUrl } from './redis.js';

export interface EngineEnvironment {
  readonly env: NodeJS.ProcessEnv;
  remove(): Promise<void>;
}

/** Where a suite gets its engines: the launcher's own, as everybody does, or databases on those of the tests. */
export type EngineChoice = 'own' | 'given';

/** Without a choice: own, unless the caller of `npm test` gave one, because this machine may have none. */
export async function enginesOfSuite(choice?: EngineChoice): Promise<EngineEnvironment> {
  const givenByCaller = (process.env['GATEHOUSE_TEST_GIVEN'] ?? '').split(',');
  const isGiven = (name: string) => (choice ? choice === 'given' : givenByCaller.includes(name));
  const parts = [
    isGiven('postgres') ? await givenPostgres() : without(['DATABASE_URL']),
    isGiven('redis') ? await givenRedis() : without(['REDIS_URL', 'REDIS_HOST']),
  ];
  return {
    env: Object.assign({}, ...parts.map(({ env }) => env)) as NodeJS.ProcessEnv,
    remove: async () => {
      for (const part of parts) await part.remove();
    },
  };
}

function without(names: readonly string[]): EngineEnvironment {
  return { env: Object.fromEntries(names.map((name) => [name, undefined])), remove: async () => {} };
}

async function givenPostgres(): Promise<EngineEnvironment> {
  const auth = await freshDatabase('auth');
  const providerHealth = await freshDatabase('provider_health');
  const audit = await freshDatabase('audit');
  const auditKeys = await freshDatabase('audit_keys');
  return {
    env: {
      AUTH_DATABASE_URL: auth.url,
      PROVIDER_HEALTH_DATABASE_URL: providerHealth.url,
      AUDIT_DATABASE_URL: audit.url,
      AUDIT_KEYS_DATABASE_URL: auditKeys.url,
    },
    remove: async () => {
      for (const database of [auth, providerHealth, audit, auditKeys]) await database.drop();
    },
  };
}

/** A numbered database that is empty, emptied again afterwards. */
async function givenRedis(): Promise<EngineEnvironment> {
  for (let db = 15; db > 0; db--) {
    const url = new URL(testRedisUrl());
    url.pathname = `/${db}`;
    const redis = new Redis(url.href, { maxRetriesPerRequest: 1 });
    try {
      if ((await redis.dbsize()) > 0) continue;
    } finally {
      redis.disconnect();
    }
    return { env: { REDIS_URL: url.href }, remove: () => empty(url.href) };
  }
  throw new Error('The Redis that was given has no empty database between 1 and 15.');
}

async function empty(url: string): Promise<void> {
  const redis = new Redis(url, { maxRetriesPerRequest: 1 });
  try {
    await redis.flushdb();
  } finally {
    redis.disconnect();
  }
}
