import { DataSource } from 'typeorm';
import { eventually } from '../../../../test/support/eventually.js';
import { AuthApi, AuthWorld, headerOf, PASSWORD } from './auth-world.js';

const ADMIN = { BOOTSTRAP_ADMIN_EMAIL: 'root@example.test', BOOTSTRAP_ADMIN_PASSWORD: PASSWORD };

describe('the first start', () => {
  let world: AuthWorld;

  beforeEach(() => {
    world = new AuthWorld();
  });

  afterEach(() => world.stop(), 60_000);

  it('makes one admin and one signing key for two replicas that start at once', async () => {
    await world.createDatabase();
    const apps = await Promise.all([world.start(ADMIN), world.start(ADMIN)]);
    const apis = apps.map((app) => new AuthApi(app));
    const [first, second] = apis as [AuthApi, AuthApi];
    await eventually(
      'the admin signs in',
      async () => (await first.login('root@example.test')).status === 200,
    );
    const tokens = (await second.login('root@example.test')).body;
    expect((await first.me(tokens['accessToken'])).body).toMatchObject({ role: 'admin', permissions: ['*'] });
    const sets = await Promise.all(
      apis.map(async (api) => (await api.call('GET', '/.well-known/jwks.json')).body['keys']),
    );
    expect(sets[0]).toEqual(sets[1]);
    expect(sets[0]).toHaveLength(1);
    expect((sets[0] as unknown as { kid: string }[])[0]).toMatchObject({
      kid: headerOf(tokens['accessToken'])['kid'],
      alg: 'ES256',
    });
    expect(JSON.stringify(sets[0])).not.toContain('"d"');
    const rows: unknown[] = await apps[0].get(DataSource).query(`SELECT 1 FROM account WHERE role = 'admin'`);
    expect(rows).toHaveLength(1);
  }, 30_000);

  it('is ready once the admin, the service accounts and the keys are made', async () => {
    const api = new AuthApi(await world.start(ADMIN));
    await eventually('it is ready', async () => (await api.call('GET', '/health/ready')).status === 200);
    expect((await api.login('root@example.test')).status).toBe(200);
  }, 30_000);

  it('never makes a second first admin, also when the first was deleted', async () => {
    const app = await world.start(ADMIN);
    const api = new AuthApi(app);
    await eventually('the admin signs in', async () => (await api.login('root@example.test')).status === 200);
    await app.get(DataSource).query(`DELETE FROM account WHERE role = 'admin'`);
    const again = new AuthApi(await world.start({ ...ADMIN, BOOTSTRAP_ADMIN_EMAIL: 'other@example.test' }));
    await again.register(world.anEmail());
    expect((await again.login('root@example.test')).status).toBe(401);
    expect((await again.login('other@example.test')).status).toBe(401);
  }, 30_000);

  it('promotes nobody: an account with the email stays what it is', async () => {
    const api = new AuthApi(await world.start());
    await api.register('root@example.test');
    const restarted = new AuthApi(await world.start(ADMIN));
    const tokens = (await restarted.login('root@example.test')).body;
    expect((await restarted.me(tokens['accessToken'])).body['role']).toBe('user');
  }, 30_000);

  it('keeps registration closed where it is told to', async () => {
    const api = new AuthApi(await world.start({ REGISTRATION: 'closed' }));
    const answer = await api.register(world.anEmail());
    expect([answer.status, answer.body['type']]).toEqual([403, 'registration-closed']);
  });
});
