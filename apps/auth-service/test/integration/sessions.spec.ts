import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DataSource } from 'typeorm';
import { eventually } from '../../../../test/support/eventually.js';
import { TokenManager } from '../../src/tokens/token.manager.js';
import { AuthApi, AuthWorld, claimsOf } from './auth-world.js';

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0';

interface Shown {
  id: string;
  current: boolean;
  userAgent: string | null;
  device: Record<string, string | null>;
}

describe('sessions', () => {
  const world = new AuthWorld();
  let app: NestFastifyApplication;
  let api: AuthApi;
  let other: AuthApi;

  beforeAll(async () => {
    app = await world.start({ MAX_SESSIONS_PER_USER: '3' });
    api = new AuthApi(app);
    other = new AuthApi(await world.start({ MAX_SESSIONS_PER_USER: '3' }));
  });

  afterAll(() => world.stop(), 30_000);

  const query = <Row>(sql: string, parameters: unknown[] = []) =>
    app.get(DataSource).query<Row[]>(sql, parameters);
  const items = async (token: string | undefined) =>
    (await api.call('GET', '/v1/auth/sessions', { token })).body['items'] as unknown as Shown[];
  const refused = async (tokens: Record<string, string>) => {
    for (const replica of [api, other]) {
      await eventually('it is refused', async () => (await replica.me(tokens['accessToken'])).status === 401);
      expect((await replica.refresh(tokens['refreshToken'])).status).toBe(401);
    }
  };
  const alive = async (tokens: Record<string, string>) => {
    for (const replica of [api, other]) expect((await replica.me(tokens['accessToken'])).status).toBe(200);
  };
  const signedIn = async (count: number) => {
    const email = world.anEmail();
    await api.register(email);
    const sessions = [];
    for (let n = 0; n < count; n++)
      sessions.push((await api.login(email, {}, { 'user-agent': 'browser' })).body);
    return { email, sessions };
  };

  it('take little memory each: short names in one compact piece', async () => {
    const tokens = await api.signIn(world.anEmail());
    const { sub, sid } = claimsOf(tokens['accessToken']) as Record<string, string>;
    const key = `${world.namespace}:session:{${sub}}:${sid}`;
    expect(await world.redis.object('ENCODING', key)).toMatch(/^(listpack|ziplist)$/);
    for (const field of await world.redis.hkeys(key)) expect(field).toHaveLength(1);
  });

  it('are listed with their device, the newest first', async () => {
    const email = world.anEmail();
    await api.register(email);
    await api.login(email);
    const device = { device: { name: "Ada's laptop" } };
    const { body } = await api.login(email, device, { 'user-agent': FIREFOX });
    const [newest, oldest] = await items(body['accessToken']);
    expect(newest).toEqual({
      id: body['sessionId'],
      current: true,
      createdAt: expect.stringMatching(/Z$/) as string,
      lastSeenAt: expect.stringMatching(/Z$/) as string,
      expiresAt: expect.stringMatching(/Z$/) as string,
      ip: '127.0.0.1',
      userAgent: FIREFOX,
      device: { browser: 'Firefox 142', os: 'Linux', type: 'desktop', name: "Ada's laptop" },
    });
    expect(oldest).toMatchObject({ current: false, device: { name: null } });
    expect(await query(`SELECT id FROM user_agent WHERE text = $1`, [FIREFOX])).toHaveLength(1);
  });

  it('are ended one by one, at every replica, and leave the list', async () => {
    const { sessions } = await signedIn(2);
    const [first = {}, second = {}] = sessions;
    const url = `/v1/auth/sessions/${first['sessionId']}`;
    expect((await api.call('DELETE', url, { token: second['accessToken'] })).status).toBe(204);
    await refused(first);
    await alive(second);
    expect((await items(second['accessToken'])).map(({ id }) => id)).toEqual([second['sessionId']]);
    expect((await api.call('DELETE', url, { token: second['accessToken'] })).status).toBe(404);
    const events = await world.events(app, first['sessionId'] ?? '');
    expect(events.map(({ action }) => action)).toContain('auth.session-ended');
  });

  it('note that they are in use, at most once a minute', async () => {
    const tokens = await api.signIn(world.anEmail());
    const { sub } = claimsOf(tokens['accessToken']);
    const key = `${world.namespace}:session:{${String(sub)}}:${tokens['sessionId']}`;
    const made = Number(await world.redis.hget(key, 's'));
    await world.redis.hset(key, 's', made - 61_000);
    await alive(tokens);
    await eventually('it is noted', async () => Number(await world.redis.hget(key, 's')) >= made);
    const lately = made - 30_000;
    await world.redis.hset(key, 's', lately);
    // Commands of one connection keep their order: what the first has noted is there when the second is answered.
    await alive(tokens);
    await alive(tokens);
    expect(await world.redis.hget(key, 's')).toBe(String(lately));
  });

  it("are not ended by anybody else: another user's is not found", async () => {
    const [ada, bob] = [await api.signIn(world.anEmail()), await api.signIn(world.anEmail())];
    const answer = await api.call('DELETE', `/v1/auth/sessions/${ada['sessionId']}`, {
      token: bob['accessToken'],
    });
    expect([answer.status, answer.body['type']]).toEqual([404, 'not-found']);
    await alive(ada);
  });

  it('end by signing out, at every replica', async () => {
    const tokens = await api.signIn(world.anEmail());
    await alive(tokens);
    expect((await api.call('POST', '/v1/auth/logout', { token: tokens['accessToken'] })).status).toBe(204);
    await refused(tokens);
  });

  it('end all together', async () => {
    const { email, sessions } = await signedIn(3);
    const answer = await api.call('POST', '/v1/auth/logout-all', {
      token: sessions[0]?.['accessToken'],
      body: {},
    });
    expect([answer.status, answer.body]).toEqual([200, { ended: 3 }]);
    for (const session of sessions) await refused(session);
    await alive((await api.login(email)).body);
  });

  it('end all but the one that asks, which goes on with its tokens', async () => {
    const { sessions } = await signedIn(3);
    const [first = {}, second = {}, current = {}] = sessions;
    const body = { exceptCurrent: true };
    const answer = await api.call('POST', '/v1/auth/logout-all', { token: current['accessToken'], body });
    expect(answer.body).toEqual({ ended: 2 });
    for (const session of [first, second]) await refused(session);
    await alive(current);
    const refreshed = (await other.refresh(current['refreshToken'], 'browser')).body;
    await alive(refreshed);
    expect(claimsOf(refreshed['accessToken'])['epoch']).toBe(1);
  });

  it.each([{ exceptCurrent: 'yes' }, { all: true }])('refuse %j and end nothing', async (body) => {
    const tokens = await api.signIn(world.anEmail());
    const answer = await api.call('POST', '/v1/auth/logout-all', { token: tokens['accessToken'], body });
    expect([answer.status, answer.body['type']]).toEqual([400, 'validation-failed']);
    await alive(tokens);
  });

  it('are not more than a user may have: the oldest ends', async () => {
    const { sessions } = await signedIn(4);
    await refused(sessions[0] ?? {});
    for (const session of sessions.slice(1)) await alive(session);
    const events = await world.events(app, sessions[0]?.['sessionId'] ?? '');
    expect(events.find(({ action }) => action === 'auth.session-ended')).toMatchObject({
      reason: 'too-many-sessions',
    });
  });

  it('that ended by themselves do not count as sessions that a user has', async () => {
    const { email, sessions } = await signedIn(3);
    const [first = {}, ...rest] = sessions;
    const userId = String(claimsOf(first['accessToken'])['sub']);
    await world.redis.del(`${world.namespace}:session:{${userId}}:${rest[0]?.['sessionId']}`);
    await api.login(email);
    await alive(first);
  });

  it('do not wait for each other because they are of the same user agent', async () => {
    const { email } = await signedIn(1);
    const agent = { 'user-agent': 'an agent of many' };
    // The first writes it down, the second sees that it is there.
    for (let n = 0; n < 2; n++) expect((await api.login(email, {}, agent)).status).toBe(200);
    await app.get(DataSource).transaction(async (manager) => {
      await manager.query(`SELECT id FROM user_agent WHERE text = $1 FOR UPDATE`, [agent['user-agent']]);
      expect((await api.login(email, {}, agent)).status).toBe(200);
    });
  });

  it('tell the same of a token wherever it is asked about', async () => {
    const tokens = await api.signIn(world.anEmail());
    await api.call('POST', '/v1/auth/logout', { token: tokens['accessToken'] });
    await expect(app.get(TokenManager).verifyToken(tokens['accessToken'] ?? '')).rejects.toMatchObject({
      type: 'unauthenticated',
    });
  });
});
