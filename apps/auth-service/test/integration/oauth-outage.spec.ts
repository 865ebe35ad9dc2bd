import { Door } from '../../../../test/support/door.js';
import { eventually } from '../../../../test/support/eventually.js';
import { testRedisUrl } from '../../../../test/support/redis.js';
import { AuthApi } from './auth-world.js';
import { type Service, ServiceWorld } from './service-world.js';

const through = (target: string, door: Door): string => {
  const url = new URL(target);
  url.host = `127.0.0.1:${door.port}`;
  return url.href;
};

describe('OAuth while an engine is away', () => {
  const world = new ServiceWorld();
  let doors: { database: Door; redis: Door };
  /** A replica behind the doors; the others are not. */
  let cut: AuthApi;
  let client: Service;

  beforeAll(async () => {
    await world.startWithAdmin();
    client = await world.aService('auth:introspect', 'users:read');
    doors = { database: new Door(new URL(world.database.url)), redis: new Door(new URL(testRedisUrl())) };
    await doors.database.open();
    await doors.redis.open();
    cut = new AuthApi(
      await world.start({
        AUTH_DATABASE_URL: through(world.database.url, doors.database),
        REDIS_URL: through(testRedisUrl(), doors.redis),
      }),
    );
  }, 30_000);

  afterAll(async () => {
    await world.stop();
    await doors.database.close();
    await doors.redis.close();
  }, 60_000);

  const grant = () => world.form('token', { grant_type: 'client_credentials' }, client, cut);
  const ask = (endpoint: 'introspect' | 'revoke', token: string | undefined) =>
    world.form(endpoint, { token: token ?? '' }, client, cut);

  it('answers 503 without PostgreSQL, and ends nothing that it did not write down', async () => {
    const { tokens } = await world.aUser();
    await doors.database.close();
    const answers = [
      await grant(),
      await ask('introspect', tokens['accessToken']),
      await ask('revoke', tokens['refreshToken']),
      await cut.call('GET', '/v1/auth/service-accounts', { token: world.admin }),
      await cut.call('POST', `/v1/auth/service-accounts/${client.id}/secret`, { token: world.admin }),
    ];
    for (const { status, body, headers } of answers)
      expect([status, body['type'], headers['retry-after']]).toEqual([503, 'dependency-unavailable', '1']);
    await doors.database.open();
    await eventually('it gives tokens again', async () => (await grant()).status === 200);
    await world.expectAlive(tokens);
    expect((await world.shown(client.id)).secrets).toHaveLength(1);
  }, 30_000);

  it('gives tokens without Redis, and ends them: here at once, everywhere when it is back', async () => {
    const { tokens } = await world.aUser();
    const doomed = await world.tokenOf(client);
    await doors.redis.close();
    const granted = await grant();
    expect(granted.status).toBe(200);
    expect((await ask('introspect', granted.body['access_token'])).body).toMatchObject({ active: true });
    // Whether the session of a user lives only Redis knows.
    for (const kind of ['accessToken', 'refreshToken'])
      expect((await ask('introspect', tokens[kind])).status).toBe(503);
    expect((await ask('revoke', doomed)).status).toBe(200);
    expect((await ask('revoke', tokens['refreshToken'])).status).toBe(200);
    expect((await ask('introspect', doomed)).body).toEqual({ active: false });
    await doors.redis.open();
    await eventually('the other replicas are told', async () => {
      const { status } = await world.other.call('GET', '/v1/auth/users?limit=1', { token: doomed });
      return status === 401;
    });
    await world.expectRefused(tokens);
  }, 30_000);
});
