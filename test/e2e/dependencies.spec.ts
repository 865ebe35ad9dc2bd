import { type ChildProcess, spawn } from 'node:child_process';
import { ISSUER } from '../support/access-tokens.js';
import { Door } from '../support/door.js';
import { eventually } from '../support/eventually.js';
import { type KillableRedis, startKillableRedis } from '../../tools/testing/killable-redis.mjs';
import { jsonCall } from '../support/json-call.js';
import { Platform } from '../support/platform.js';
import { type FreshDatabase, freshDatabase } from '../support/postgres.js';
import { root } from '../support/suite.js';
import { freePortBlock } from '../support/test-ports.js';

interface Readiness {
  readonly status: string;
  readonly error?: Record<string, unknown>;
  readonly details?: Record<string, unknown>;
}

const SECRET = 'a-secret-of-the-tests-that-is-long-enough';

describe.each([
  ['auth-service', 'AUTH_DATABASE_URL', '/v1/auth/login', { email: 'a@b.test', password: 'a long phrase' }],
  ['provider-health-service', 'PROVIDER_HEALTH_DATABASE_URL', '/v1/providers', undefined],
  ['audit-service', 'AUDIT_DATABASE_URL', '/v1/audit/events', undefined],
] as const)('%s without its engines', (service, databaseVariable, path, body) => {
  let database: FreshDatabase;
  let keysDatabase: FreshDatabase;
  let postgres: Door;
  let redis: Door;
  let engine: KillableRedis;
  /** Those who verify tokens need to hear of auth-service; on a Redis where no other test plays it. */
  let platform: Platform | undefined;
  let child: ChildProcess;
  let url: string;
  let log = '';

  /** The URL of an engine, through its door. */
  const through = (target: string, door: Door) => {
    const inner = new URL(target);
    inner.host = `127.0.0.1:${door.port}`;
    return inner.href;
  };
  const ready = () => jsonCall<Readiness>('GET', `${url}/health/ready`);

  beforeAll(async () => {
    [database, keysDatabase, engine] = await Promise.all([
      freshDatabase(service.replaceAll('-', '_')),
      freshDatabase('keys'),
      startKillableRedis(),
    ]);
    if (service !== 'auth-service') platform = await new Platform('gatehouse', engine.settings).open();
    postgres = new Door(new URL(database.url));
    redis = new Door(new URL(engine.url));
    for (const door of [postgres, redis]) {
      await door.open();
      await door.close();
    }
    const port = await freePortBlock(1);
    url = `http://127.0.0.1:${port}`;
    child = spawn(process.execPath, [`apps/${service}/dist/main.js`], {
      cwd: root,
      env: {
        ...{ PATH: process.env['PATH'], HOST: '127.0.0.1', PORT: String(port), ISSUER },
        ...{ [databaseVariable]: through(database.url, postgres), REDIS_URL: through(engine.url, redis) },
        ...(platform === undefined ? {} : { AUTH_URL: platform.url }),
        // The keys of personal data lie behind the same door.
        ...(service === 'audit-service' && { AUDIT_KEYS_DATABASE_URL: through(keysDatabase.url, postgres) }),
        ...{ ENCRYPTION_KEY: SECRET, SERVICE_PROVIDER_HEALTH_SERVICE_SECRET: SECRET },
        ...{ AUDIT_LOG_SIGNING_KEY: SECRET },
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    child.stdout?.on('data', (chunk: Buffer) => (log += chunk.toString()));
  });

  afterAll(async () => {
    child.kill('SIGKILL');
    await postgres.close();
    await redis.close();
    await platform?.close();
    await engine.remove();
    await database.drop();
    await keysDatabase.drop();
  });

  it('starts, says what is missing, and is not ready', async () => {
    const answer = await eventually('it listens', async () => ready());
    expect(answer.status).toBe(503);
    expect(Object.keys(answer.body.error ?? {})).toEqual(expect.arrayContaining(['database', 'redis']));
    expect((await jsonCall('GET', `${url}/health/live`)).status).toBe(200);
    await eventually('both were said', () => /PostgreSQL|database/i.test(log) && /Redis/.test(log));
    if (body !== undefined) {
      const refused = await jsonCall('POST', `${url}${path}`, { body });
      expect([refused.status, refused.body['type']]).toEqual([503, 'dependency-unavailable']);
      expect(refused.headers.get('retry-after')).not.toBeNull();
    }
  }, 30_000);

  it('is ready once they are there, without a restart', async () => {
    await postgres.open();
    await redis.open();
    await eventually('it is ready', async () => (await ready()).status === 200);
    expect(child.exitCode).toBeNull();
    const { transport } = (await ready()).body.details ?? {};
    const idle = { inFlight: 0, length: 0, pending: 0, oldestWaitingMs: 0 };
    const { streams } = transport as { streams: object[] };
    expect(streams.length).toBeGreaterThan(0);
    for (const stream of streams) expect(stream).toMatchObject(idle);
  }, 40_000);

  it('says which part is gone, and is ready again when it is back', async () => {
    for (const [door, name] of [
      [redis, 'redis'],
      [postgres, 'database'],
    ] as const) {
      await door.close();
      const answer = await eventually('it noticed', async () => {
        const readiness = await ready();
        return readiness.status === 503 && readiness;
      });
      expect(Object.keys(answer.body.error ?? {})).toContain(name);
      await door.open();
      await eventually('it is ready again', async () => (await ready()).status === 200);
    }
  }, 60_000);

  it('leaves on SIGTERM', async () => {
    child.kill('SIGTERM');
    await eventually('it has left', () => child.exitCode !== null);
    expect(child.exitCode).toBe(0);
  }, 40_000);
});
