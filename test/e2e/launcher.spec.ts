import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import pg from 'pg';
import { eventually } from '../support/eventually.js';
import { jsonCall } from '../support/json-call.js';
import { serve } from '../support/origin-server.js';
import { testServerUrl } from '../support/postgres.js';
import { isAlive, processesOf } from '../support/processes.js';
import { testRedisUrl } from '../support/redis.js';
import { startSuite, Suite, type SuiteOptions, SUITE_TIMEOUT_MS, temporaryHome } from '../support/suite.js';
import { freePortBlock } from '../support/test-ports.js';

describe('npm start', () => {
  let home: string;
  let port: number;
  let suite: Suite | undefined;

  beforeEach(async () => {
    home = temporaryHome();
    port = await freePortBlock(20);
  });

  afterEach(async () => {
    await suite?.stop();
    suite = undefined;
    rmSync(home, { recursive: true, force: true });
  }, SUITE_TIMEOUT_MS);

  async function start(options: SuiteOptions = {}): Promise<Suite> {
    suite = await startSuite({ home, port, engines: 'own', ...options });
    return suite;
  }

  it(
    'says where everything is, keeps the data over a restart, and leaves no process',
    async () => {
      const first = await start({ replicas: 'auth=2,audit=1' });
      const { state } = first;
      expect(state).toMatchObject({
        ready: true,
        gateway: `http://127.0.0.1:${port}`,
        services: {
          auth: [`http://127.0.0.1:${port + 1}`, `http://127.0.0.1:${port + 2}`],
          providerHealth: [`http://127.0.0.1:${port + 3}`],
          audit: [`http://127.0.0.1:${port + 4}`],
        },
        admin: { email: 'admin@gatehouse.local', password: expect.stringMatching(/^.{32,}$/) as string },
      });
      expect(state.pids.auth.filter(isAlive)).toHaveLength(2);
      expect(modeOf('state.json')).toBe('600');
      expect(readdirSync(join(home, 'secrets')).map((name) => modeOf(`secrets/${name}`))).toEqual(
        readdirSync(join(home, 'secrets')).map(() => '600'),
      );
      for (const url of Object.values(state.services).flat()) {
        expect((await jsonCall('GET', `${url}/health/ready`)).status).toBe(200);
      }
      expect(first.output).not.toContain(state.admin.password);
      await writeData(state);

      expect(await first.stop()).toBe(0);
      expect(processesOf(home)).toEqual([]);
      expect(existsSync(join(home, 'state.json'))).toBe(false);

      const second = await start();
      expect(second.state.admin).toEqual(state.admin);
      expect(await readData(second.state)).toEqual({ postgres: 'kept', redis: 'kept' });
      await second.stop();

      const third = await start({ fresh: true });
      expect(await readData(third.state)).toEqual({ postgres: undefined, redis: null });
    },
    3 * SUITE_TIMEOUT_MS,
  );

  it(
    'lets one service be migrated by hand while it runs',
    async () => {
      await start();
      const env = { ...process.env, DATABASE_URL: undefined, GATEHOUSE_HOME: home };
      const migrated = spawnSync(process.execPath, ['tools/migrate.mjs', 'audit-service'], {
        env,
        encoding: 'utf8',
      });
      expect(migrated).toMatchObject({ status: 0, stderr: '' });
      const ghost = spawnSync(process.execPath, ['tools/migrate.mjs', 'ghost'], { env, encoding: 'utf8' });
      expect(ghost.status).toBe(1);
      expect(ghost.stderr).toContain('There is no service "ghost"');
    },
    SUITE_TIMEOUT_MS,
  );

  it(
    'replaces a replica that was killed, and says so in state.json',
    async () => {
      const running = await start({ replicas: 'auth=2' });
      const [killed, other] = running.state.pids.auth;
      running.kill(killed!);
      await eventually(
        'the state tells it',
        () => !running.state.ready || !running.state.pids.auth.includes(killed!),
      );
      const state = await running.whenReady(({ pids }) => !pids.auth.includes(killed!));
      expect(state.pids.auth).toHaveLength(2);
      expect(state.pids.auth).toContain(other);
      expect(state.pids.auth.every(isAlive)).toBe(true);
      expect((await jsonCall('GET', `${state.services.auth[0]}/health/ready`)).status).toBe(200);
    },
    SUITE_TIMEOUT_MS,
  );

  it(
    'after a kill -9 of the launcher ends what is left and goes on with the data',
    async () => {
      const killed = await start();
      const { state } = killed;
      await writeData(state);
      killed.launcher.kill('SIGKILL');
      await killed.whenEnded();
      const left = processesOf(home).map(({ pid }) => pid);
      expect(left.length).toBeGreaterThanOrEqual(2); // the engines; the services leave by themselves

      const next = await start();
      expect(next.output).toMatch(/ended what an earlier launcher left running: .*postgres/);
      expect(processesOf(home).filter(({ pid }) => left.includes(pid))).toEqual([]);
      expect(await readData(next.state)).toEqual({ postgres: 'kept', redis: 'kept' });
      expect(next.state.admin).toEqual(state.admin);
    },
    2 * SUITE_TIMEOUT_MS,
  );

  it(
    'brings an engine back that was killed',
    async () => {
      const { state } = await start();
      await writeData(state);
      for (const pid of pidsOfEngines()) process.kill(pid, 'SIGKILL');
      await eventually('the data can be read again', async () => {
        expect(await readData(state)).toEqual({ postgres: 'kept', redis: 'kept' });
        return true;
      });
    },
    SUITE_TIMEOUT_MS,
  );

  it(
    'refuses a second launcher on the same home, and does not touch the first',
    async () => {
      const first = await start();
      const pids = first.state.pids;
      const second = await Suite.launch({ home, engines: 'own', port: await freePortBlock(20), fresh: true });
      expect(await second.whenEnded()).toBe(1);
      expect(second.output).toContain(`A launcher (process ${first.launcher.pid}) runs with ${home} already`);
      expect(first.state.pids).toEqual(pids);
      expect((await jsonCall('GET', `${first.state.services.auth[0]}/health/ready`)).status).toBe(200);
    },
    SUITE_TIMEOUT_MS,
  );

  it.each([0, 3])(
    'refuses a port in use (the gateway + %i) before anything is touched',
    async (offset) => {
      const other = await serve((_request, response) => response.end(), port + offset);
      const refused = await Suite.launch({ home, engines: 'own', port });
      expect(await refused.whenEnded()).toBe(1);
      expect(refused.output).toContain(`Port ${port + offset} on 127.0.0.1 is in use`);
      expect(readdirSync(home)).toEqual([]);
      await other.close();
    },
    SUITE_TIMEOUT_MS,
  );

  it(
    'uses engines that are given, starts none, and does not empty them',
    async () => {
      const running = await start({ engines: 'given' });
      const { postgres, redis } = running.state;
      expect(postgres.url).toBe(testServerUrl());
      expect(new URL(redis.url).host).toBe(new URL(testRedisUrl()).host);
      expect(pidsOfEngines()).toEqual([]);
      await running.stop();

      const refused = await Suite.launch({ home, port, engines: 'given', fresh: true });
      expect(await refused.whenEnded()).toBe(1);
      expect(refused.output).toMatch(
        /--fresh empties what the launcher keeps itself; it does not touch postgres:/,
      );
      await refused.stop();
    },
    SUITE_TIMEOUT_MS,
  );

  it(
    'decides secrets and issuer itself, whatever the environment says, and hands the rest on',
    async () => {
      const running = await start({
        env: {
          ENCRYPTION_KEY: 'change-me',
          SERVICE_AUDIT_SERVICE_SECRET: 'change-me',
          BOOTSTRAP_ADMIN_PASSWORD: 'change-me',
          ISSUER: 'https://elsewhere.example',
          REGISTRATION: 'closed',
        },
      });
      const claims = (await running.adminToken()).split('.')[1] ?? '';
      expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({ iss: running.gateway });
      const body = { email: 'ada@example.test', password: 'correct horse battery' };
      expect((await running.call('POST', '/v1/auth/register', { body })).status).toBe(403);
    },
    SUITE_TIMEOUT_MS,
  );

  it(
    'takes a given REDIS_URL that does not answer for an error',
    async () => {
      const refused = await Suite.launch({
        home,
        port,
        env: { REDIS_URL: `redis://:secret@127.0.0.1:${port + 15}` },
      });
      expect(await refused.whenEnded()).toBe(1);
      expect(refused.output).toMatch(/Redis that was given, redis:\/\/:\*\*\*@.* does not answer/);
      expect(refused.output).not.toContain('secret');
      expect(processesOf(home)).toEqual([]);
    },
    SUITE_TIMEOUT_MS,
  );

  it.each([
    [
      { REDIS_SENTINELS: '127.0.0.1:1', REDIS_SENTINEL_NAME: 'm', REDIS_SENTINEL_PASSWORD: 'secret' },
      /named by/,
    ],
    [{ REDIS_CLUSTER_NODES: '127.0.0.1:1,127.0.0.1:2', REDIS_PASSWORD: 'secret' }, /cluster of .*:1, .*:2/],
    [{ REDIS_CLUSTER_NODES: '127.0.0.1:1', REDIS_URL: 'redis://127.0.0.1:1' }, /set only one of REDIS_URL/],
  ])(
    'takes sentinels or a cluster that do not answer for an error too: %j',
    async (env, said) => {
      const refused = await Suite.launch({ home, port, env: { REDIS_URL: undefined, ...env } });
      expect(await refused.whenEnded()).toBe(1);
      expect(refused.output).toMatch(said);
      expect(refused.output).not.toContain('secret');
      expect(processesOf(home)).toEqual([]);
    },
    SUITE_TIMEOUT_MS,
  );

  it(
    'stops cleanly when asked while it starts, and when its parent goes',
    async () => {
      const stopped = await Suite.launch({ home, engines: 'own', port });
      await eventually('it has begun', () => stopped.output.includes('starting PostgreSQL'));
      stopped.launcher.kill('SIGINT');
      expect(await stopped.whenEnded()).toBe(0);
      expect(processesOf(home)).toEqual([]);

      const left = await start();
      left.launcher.disconnect();
      expect(await left.whenEnded()).toBe(0);
      expect(processesOf(home)).toEqual([]);
    },
    SUITE_TIMEOUT_MS,
  );

  it.each([
    [{ replicas: 'auth=0' }, /"0" is no number from 1 to 20/],
    [{ replicas: 'ghost=2' }, /there is no service "ghost"/],
    [{ port: 70_000 }, /GATEHOUSE_PORT: "70000"/],
  ])('says what is wrong with %j', async (options, sentence) => {
    const refused = await Suite.launch({ home, engines: 'own', port, ...options });
    expect(await refused.whenEnded()).toBe(1);
    expect(refused.output).toMatch(sentence);
  });

  function pidsOfEngines(): number[] {
    const ledger = JSON.parse(readFileSync(join(home, 'ledger.json'), 'utf8')) as {
      pid: number;
      engine: boolean;
    }[];
    return ledger.filter(({ engine }) => engine).map(({ pid }) => pid);
  }

  const modeOf = (name: string) => (statSync(join(home, name)).mode & 0o777).toString(8);
});

async function writeData({ postgres, redis }: Suite['state']): Promise<void> {
  await withPostgres(postgres.url, async (client) => {
    await client.query(`CREATE TABLE kept AS SELECT 'kept' AS value`);
  });
  await withRedis(redis.url, async (client) => {
    await client.set('kept', 'kept');
  });
}

async function readData({ postgres, redis }: Suite['state']): Promise<{ postgres: unknown; redis: unknown }> {
  return {
    postgres: await withPostgres(postgres.url, async (client) => {
      const { rows } = await client.query<{ name: string | null }>(
        `SELECT to_regclass('kept')::text AS name`,
      );
      return rows[0]?.name ?? undefined;
    }),
    redis: await withRedis(redis.url, (client) => client.get('kept')),
  };
}

async function withPostgres<T>(url: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: `${url}/postgres` });
  client.on('error', () => {});
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

async function withRedis<T>(url: string, use: (client: Redis) => Promise<T>): Promise<T> {
  const client = new Redis(url, { maxRetriesPerRequest: 1, retryStrategy: () => null });
  client.on('error', () => {});
  try {
    return await use(client);
  } finally {
    client.disconnect();
  }
}
