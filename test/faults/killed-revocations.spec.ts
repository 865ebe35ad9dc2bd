import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Redis } from 'ioredis';
import { type KillableRedis, startKillableRedis } from '../../tools/testing/killable-redis.mjs';
import { Door } from '../support/door.js';
import { eventually } from '../support/eventually.js';
import { jsonCall } from '../support/json-call.js';
import { type FreshDatabase, freshDatabase } from '../support/postgres.js';
import { freePortBlock } from '../support/test-ports.js';

const SECRET = 'a-secret-of-the-tests-that-is-long-enough';
const ISSUER = 'https://platform.test';

interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly sessionId: string;
}

/** auth-service in a process of its own. */
class Replica {
  private constructor(
    private readonly child: ChildProcess,
    private readonly url: string,
  ) {}

  static async start(engines: { database: string; redis: string }): Promise<Replica> {
    const port = await freePortBlock(1);
    const child = spawn(process.execPath, ['apps/auth-service/dist/main.js'], {
      cwd: process.cwd(),
      env: {
        ...{ PATH: process.env['PATH'], HOST: '127.0.0.1', PORT: String(port), ISSUER, LOG_LEVEL: 'fatal' },
        ...{ AUTH_DATABASE_URL: engines.database, REDIS_URL: engines.redis, ENCRYPTION_KEY: SECRET },
      },
      stdio: 'inherit',
    });
    const replica = new Replica(child, `http://127.0.0.1:${port}`);
    await eventually('it is ready', async () => (await replica.call('GET', '/health/ready')).status === 200);
    return replica;
  }

  call<Body = Record<string, unknown>>(method: string, path: string, options = {}) {
    return jsonCall<Body>(method, `${this.url}${path}`, options);
  }

  async signIn(email: string): Promise<Tokens> {
    const body = { email, password: 'a long enough phrase' };
    await this.call('POST', '/v1/auth/register', { body });
    return (await this.call<Tokens>('POST', '/v1/auth/login', { body })).body;
  }

  async kill(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await ended;
  }
}

describe('auth-service that is killed with -9 while it ends a session', () => {
  let redis: KillableRedis;
  let database: FreshDatabase;
  let doors: { redis: Door; database: Door };
  let survivor: Replica;
  const replicas: Replica[] = [];

  beforeAll(async () => {
    [redis, database] = await Promise.all([startKillableRedis(), freshDatabase('revocations')]);
    doors = { redis: new Door(new URL(redis.url)), database: new Door(new URL(database.url)) };
    await Promise.all([doors.redis.open(), doors.database.open()]);
    survivor = await Replica.start({ database: database.url, redis: redis.url });
    replicas.push(survivor);
  }, 60_000);

  afterAll(async () => {
    await Promise.all(replicas.map((replica) => replica.kill()));
    await Promise.all([doors.redis.close(), doors.database.close()]);
    await redis.remove();
    await database.drop();
  }, 60_000);

  it.each([
    ['before it is published', 'redis', '"kind":"session"', false],
    ['after it was published and before the session ended', 'redis', '"kind":"session"', true],
    ['after the session ended and before that is noted', 'database', 'SET "settled_at"', false],
  ] as const)(
    'leaves the rest to another: %s',
    async (_step, engine, text, letsPass) => {
      const victim = await Replica.start({ database: doors.database.url, redis: doors.redis.url });
      replicas.push(victim);
      const tokens = await victim.signIn(`account-${replicas.length}@example.test`);
      const killed = doors[engine].cutAt('in', text, { letsPass }).then(() => victim.kill());
      // Nobody answers: the process is gone.
      await victim.call('POST', '/v1/auth/logout', { token: tokens.accessToken }).catch(() => undefined);
      await killed;

      await eventually('it is refused by the other', async () => {
        const { status } = await survivor.call('GET', '/v1/auth/me', { token: tokens.accessToken });
        return status === 401;
      });
      const body = { refreshToken: tokens.refreshToken };
      expect((await survivor.call('POST', '/v1/auth/refresh', { body })).status).toBe(401);
      const client = new Redis(redis.url);
      await eventually(
        'the session is gone',
        async () => (await client.keys(`*${tokens.sessionId}*`)).length === 0,
      );
      client.disconnect();
    },
    60_000,
  );
});
