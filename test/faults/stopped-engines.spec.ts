import type { KillablePostgres } from '../../tools/testing/killable-postgres.mjs';
import { type KillableRedis, startKillableRedis } from '../../tools/testing/killable-redis.mjs';
import { eventually } from '../support/eventually.js';
import { AuthReplica } from './auth-replica.js';
import { HonestClient } from './honest-client.js';
import { scale } from './scale.js';
import { startPostgres } from './stoppable-postgres.js';

const CLIENTS = scale(6, 24);
const AWAY_MS = scale(1_500, 15_000);
const ROUNDS = scale(1, 3);
/** Longer than nothing and shorter than `AWAY_MS`: who was not answered comes again after it. */
const WINDOW_SECONDS = 1;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('two replicas of auth-service under load', () => {
  let redis: KillableRedis;
  let postgres: KillablePostgres;
  const replicas: AuthReplica[] = [];
  let accounts = 0;

  beforeAll(async () => {
    [redis, postgres] = await Promise.all([startKillableRedis(), startPostgres()]);
    for (let n = 0; n < 2; n++) {
      const engines = { redis: redis.url, database: postgres.url };
      replicas.push(
        await AuthReplica.start(engines, { env: { REFRESH_REUSE_WINDOW_SECONDS: String(WINDOW_SECONDS) } }),
      );
    }
  }, 120_000);

  afterAll(async () => {
    await Promise.all(replicas.map((replica) => replica.kill()));
    await Promise.all([redis.remove(), postgres.remove()]);
  }, 60_000);

  it.each([
    ['Redis is stopped', () => redis.kill('SIGTERM'), () => redis.start()],
    ['Redis is killed with -9', () => redis.kill(), () => redis.start()],
    ['PostgreSQL is stopped', () => postgres.stop(), () => postgres.start()],
    ['PostgreSQL leaves as it is', () => postgres.stop('SIGQUIT'), () => postgres.start()],
  ])(
    'come back by themselves when %s, and lose nobody and nothing',
    async (_what, stop, start) => {
      const clients: HonestClient[] = [];
      for (let n = 0; n < CLIENTS; n++) {
        const email = `account-${++accounts}@example.test`;
        const replica = replicas[n % 2] as AuthReplica;
        clients.push(new HonestClient(email, await replica.signIn(email), replicas, n % 3 === 0));
      }
      // Redis writes once a second: what was begun in the last one may be lost with it.
      await pause(1_500);
      for (const client of clients) client.begin();
      for (let round = 0; round < ROUNDS; round++) {
        await pause(1_000);
        await stop();
        const before = clients.map(({ seen }) => seen.refused);
        await pause(AWAY_MS);
        expect(clients.every(({ seen }, n) => seen.refused > (before[n] ?? 0))).toBe(true);
        await start();
        const ok = clients.map(({ seen }) => seen.ok);
        await eventually('everybody is served again', () =>
          clients.every(({ seen }, n) => seen.ok > (ok[n] ?? 0) + 3),
        );
      }
      await Promise.all(clients.map((client) => client.stop()));

      expect(clients.flatMap(({ seen }) => seen.odd)).toEqual([]);
      for (const replica of replicas) await replica.whenReady();
      for (const { tokens } of clients) {
        for (const replica of replicas) expect((await replica.me(tokens.accessToken)).status).toBe(200);
        const [first, second] = replicas as [AuthReplica, AuthReplica];
        const next = await first.refresh(tokens.refreshToken, 'node');
        expect([next.status, next.body.type]).toEqual([200, undefined]);
        expect((await second.refresh(next.body.refreshToken, 'node')).status).toBe(200);
      }
      const ended = clients.flatMap((client) => client.ended);
      expect(ended.length).toBeGreaterThan(0);
      for (const { accessToken, refreshToken } of ended) {
        for (const replica of replicas) {
          expect((await replica.refresh(refreshToken, 'node')).status).toBe(401);
          // What was ended while Redis was away is told as soon as it is back.
          await eventually(
            'its access token is refused',
            async () => (await replica.me(accessToken)).status === 401,
          );
        }
      }
    },
    scale(60_000, 300_000),
  );
});
