import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Door } from '../../../../test/support/door.js';
import { eventually } from '../../../../test/support/eventually.js';
import { testRedisUrl } from '../../../../test/support/redis.js';
import { AuthApi, AuthWorld, PASSWORD } from './auth-world.js';

const through = (target: string, door: Door): string => {
  const url = new URL(target);
  url.host = `127.0.0.1:${door.port}`;
  return url.href;
};

describe('auth-service while an engine is away', () => {
  const world = new AuthWorld();
  let app: NestFastifyApplication;
  let api: AuthApi;
  let doors: { database: Door; redis: Door };

  beforeAll(async () => {
    await world.createDatabase();
    doors = { database: new Door(new URL(world.database.url)), redis: new Door(new URL(testRedisUrl())) };
    await doors.database.open();
    await doors.redis.open();
    app = await world.start({
      AUTH_DATABASE_URL: through(world.database.url, doors.database),
      REDIS_URL: through(testRedisUrl(), doors.redis),
    });
    api = new AuthApi(app);
  }, 30_000);

  afterAll(async () => {
    await world.stop();
    await doors.database.close();
    await doors.redis.close();
  }, 60_000);

  it.each(['database', 'redis'] as const)(
    'answers 503 at once without the %s, says which part, and comes back',
    async (part) => {
      const email = world.anEmail();
      const tokens = await api.signIn(email);
      await doors[part].close();
      const away = [await api.login(email), await api.refresh(tokens['refreshToken'])];
      if (part === 'database') away.push(await api.register(world.anEmail()));
      else away.push(await api.me(tokens['accessToken']));
      for (const answer of away) {
        expect([answer.status, answer.body['type']]).toEqual([503, 'dependency-unavailable']);
        expect(answer.headers['retry-after']).toBe('1');
      }
      // What is no token of ours is refused all the same: it costs neither engine anything.
      expect((await api.refresh('nonsense')).body['type']).toBe('invalid-refresh-token');
      const ready = await api.call('GET', '/health/ready');
      expect([ready.status, Object.keys(ready.body['error'] ?? {})]).toEqual([
        503,
        expect.arrayContaining([part]),
      ]);
      expect((await api.call('GET', '/.well-known/jwks.json')).status).toBe(200);
      await doors[part].open();
      await eventually('it signs in again', async () => (await api.login(email)).status === 200);
      await eventually('it is ready', async () => (await api.call('GET', '/health/ready')).status === 200);
      // Nothing was half done: the refresh token that was shown in vain is still good.
      expect((await api.refresh(tokens['refreshToken'])).status).toBe(200);
    },
    60_000,
  );

  it.each(['database', 'redis'] as const)(
    'serves honest clients again after the %s went away under load, and answers nothing but 200 and 503',
    async (part) => {
      const clients = await Promise.all(
        Array.from({ length: 6 }, async () => {
          const email = world.anEmail();
          return { email, tokens: await api.signIn(email) };
        }),
      );
      const odd: unknown[] = [];
      const statuses = new Set<number>();
      let over = false;
      const load = clients.map(async (client) => {
        while (!over) {
          const refreshed = await api.refresh(client.tokens['refreshToken']);
          if (refreshed.status === 200) client.tokens = refreshed.body;
          const login = await api.login(client.email);
          for (const { status, body } of [refreshed, login]) {
            statuses.add(status);
            if (status !== 200 && status !== 503) odd.push(body);
          }
        }
      });
      await new Promise((resolve) => setTimeout(resolve, 300));
      await doors[part].close();
      await eventually('it is refused', () => statuses.has(503));
      await doors[part].open();
      await eventually('it is served', async () => {
        statuses.delete(503);
        await new Promise((resolve) => setTimeout(resolve, 300));
        return !statuses.has(503) && statuses.has(200);
      });
      // From here on a busy machine may refuse one at its door again; all are served below.
      over = true;
      await Promise.all(load);
      expect(odd).toEqual([]);
      // Whose answer was lost shows the same token again, and is given the same successor.
      for (const { tokens } of clients) {
        expect((await api.refresh(tokens['refreshToken'])).status).toBe(200);
      }
    },
    60_000,
  );

  it('does not take a client for a thief who was not answered while PostgreSQL was away for longer than the window', async () => {
    const brief = new AuthApi(
      await world.start({
        AUTH_DATABASE_URL: through(world.database.url, doors.database),
        REFRESH_REUSE_WINDOW_SECONDS: '1',
      }),
    );
    const tokens = await brief.signIn(world.anEmail());
    const cut = doors.database.cutAt('in', '"auth.refresh"').then(() => doors.database.close());
    expect((await brief.refresh(tokens['refreshToken'])).status).toBe(503);
    await cut;
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect((await brief.refresh(tokens['refreshToken'])).status).toBe(503);
    await doors.database.open();
    const next = await eventually('it is answered', async () => {
      const answer = await brief.refresh(tokens['refreshToken']);
      return answer.status !== 503 && answer;
    });
    expect([next.status, next.body['type']]).toEqual([200, undefined]);
    // From now on its successor is known to somebody.
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect((await brief.refresh(tokens['refreshToken'])).body['type']).toBe('refresh-token-reused');
  }, 60_000);

  it('counts registrations and requests for tokens by itself without Redis, and by Redis again afterwards', async () => {
    const limited = new AuthApi(
      await world.start({
        AUTH_DATABASE_URL: through(world.database.url, doors.database),
        REDIS_URL: through(testRedisUrl(), doors.redis),
        TRUSTED_PROXIES: '127.0.0.1',
        REGISTER_LIMIT_PER_ADDRESS: '3/3600',
        TOKEN_LIMIT_PER_ADDRESS: '2/3600',
        PASSWORD_RESET_LIMIT_PER_ADDRESS: '2/3600',
      }),
    );
    // Nobody else has come from there.
    const headers = { 'x-forwarded-for': '203.0.113.7' };
    const register = async () => {
      const body = { email: world.anEmail(), password: PASSWORD };
      return (await limited.call('POST', '/v1/auth/register', { body, headers })).status;
    };
    const token = async () =>
      (
        await limited.call('POST', '/v1/auth/token', {
          body: 'grant_type=client_credentials&client_id=provider-health-service&client_secret=wrong',
          headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' },
        })
      ).status;
    const reset = async () => {
      const body = { token: 'none of ours', newPassword: PASSWORD };
      return (await limited.call('POST', '/v1/auth/password-reset', { body, headers })).status;
    };
    expect(await register()).toBe(201);
    await doors.redis.close();
    await eventually('Redis is away', async () => (await limited.login(world.anEmail())).status === 503);
    expect([await register(), await register(), await register(), await register()]).toEqual([
      201, 201, 201, 429,
    ]);
    expect([await token(), await token(), await token()]).toEqual([401, 401, 429]);
    expect([await reset(), await reset(), await reset()]).toEqual([400, 400, 429]);
    await doors.redis.open();
    await eventually('Redis is back', async () => (await limited.login(world.anEmail())).status === 401);
    // Redis has counted the first only.
    expect([await register(), await register(), await register()]).toEqual([201, 201, 429]);
    expect([await token(), await token(), await token()]).toEqual([401, 401, 429]);
  }, 60_000);
});
