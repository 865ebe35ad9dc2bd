import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DataSource } from 'typeorm';
import { eventually } from '../../../../test/support/eventually.js';
import { AuthApi, AuthWorld, claimsOf, PASSWORD } from './auth-world.js';

const NEW_PASSWORD = 'another long enough phrase';

describe("a user's own account", () => {
  const world = new AuthWorld();
  let app: NestFastifyApplication;
  let api: AuthApi;
  let other: AuthApi;

  beforeAll(async () => {
    app = await world.start();
    api = new AuthApi(app);
    other = new AuthApi(await world.start());
  });

  afterAll(() => world.stop(), 30_000);

  const rename = (token: string | undefined, body: unknown) =>
    api.call('PATCH', '/v1/auth/me', { token, body });
  const change = (
    replica: AuthApi,
    token: string | undefined,
    body: unknown = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD },
  ) => replica.call('POST', '/v1/auth/password', { token, body });
  const signIn = async (email: string, password = PASSWORD) =>
    (await api.login(email, { password }, { 'user-agent': 'browser' })).body;
  const alive = async ({ accessToken }: Record<string, string>) => {
    for (const replica of [api, other]) expect((await replica.me(accessToken)).status).toBe(200);
  };
  const refused = async ({ accessToken, refreshToken }: Record<string, string>) => {
    for (const replica of [api, other]) {
      await eventually('it is refused', async () => (await replica.me(accessToken)).status === 401);
      expect((await replica.refresh(refreshToken)).status).toBe(401);
    }
  };
  const told = async (sessionId: string | undefined, action: string) =>
    (await world.events(app, sessionId ?? '')).filter((event) => event['action'] === action);

  describe('its name', () => {
    it('is changed, kept when nothing is said of it, and removed', async () => {
      const { accessToken, sessionId } = await api.signIn(world.anEmail());
      expect((await rename(accessToken, { displayName: ' Ada ' })).body).toMatchObject({
        displayName: 'Ada',
      });
      expect((await rename(accessToken, {})).body['displayName']).toBe('Ada');
      expect((await api.me(accessToken)).body['displayName']).toBe('Ada');
      expect((await rename(accessToken, { displayName: null })).body['displayName']).toBeNull();
      const events = await told(sessionId, 'auth.user-updated');
      expect(events.map(({ details }) => details)).toEqual(Array(2).fill({ changed: ['displayName'] }));
    });

    it.each([
      { displayName: '' },
      { displayName: 'x'.repeat(101) },
      { displayName: 'a\0b' },
      { displayName: '\ud800' },
      { displayName: 1 },
      { role: 'admin' },
      { email: 'other@example.test' },
      [],
    ])('is not changed by %j', async (body) => {
      const { accessToken } = await api.signIn(world.anEmail());
      const answer = await rename(accessToken, body);
      expect([answer.status, answer.body['type']]).toEqual([400, 'validation-failed']);
      expect((await api.me(accessToken)).body).toMatchObject({ displayName: null, role: 'user' });
    });
  });

  describe('its password', () => {
    it('is changed: the old one is worth nothing, every other session ends, this one goes on with its tokens', async () => {
      const email = world.anEmail();
      const elsewhere = await api.signIn(email);
      const current = await signIn(email);
      expect((await change(api, current['accessToken'])).status).toBe(204);
      await refused(elsewhere);
      await alive(current);
      const refreshed = (await other.refresh(current['refreshToken'])).body;
      await alive(refreshed);
      expect(claimsOf(refreshed['accessToken'])['epoch']).toBe(1);
      expect((await api.login(email)).status).toBe(401);
      await alive(await signIn(email, NEW_PASSWORD));
      expect(await told(current['sessionId'], 'auth.password-changed')).toMatchObject([
        { outcome: 'success', actor: { type: 'user' }, context: { sessionId: current['sessionId'] } },
      ]);
    });

    it('is changed once more from another session, which ends the first', async () => {
      const email = world.anEmail();
      const first = await api.signIn(email);
      await change(api, first['accessToken']);
      const second = await signIn(email, NEW_PASSWORD);
      const body = { currentPassword: NEW_PASSWORD, newPassword: 'a third long enough phrase' };
      expect((await change(other, second['accessToken'], body)).status).toBe(204);
      await refused(first);
      await alive(second);
    });

    it('is not changed by a wrong current one, which is told and ends nothing', async () => {
      const email = world.anEmail();
      const tokens = await api.signIn(email);
      const body = { currentPassword: 'not the right phrase', newPassword: NEW_PASSWORD };
      const answer = await change(api, tokens['accessToken'], body);
      expect([answer.status, answer.body['type']]).toEqual([403, 'wrong-password']);
      await alive(tokens);
      expect((await api.login(email)).status).toBe(200);
      expect(await told(tokens['sessionId'], 'auth.password-changed')).toMatchObject([
        { outcome: 'failure', reason: 'wrong-password' },
      ]);
    });

    it('is guessed at five times from one session, then not looked at there; elsewhere its owner goes on', async () => {
      const email = world.anEmail();
      const [stolen, own] = [await api.signIn(email), await signIn(email)];
      const guess = (n: number) =>
        change(n % 2 === 0 ? api : other, stolen['accessToken'], {
          currentPassword: `not the right phrase ${n}`,
          newPassword: NEW_PASSWORD,
        });
      const guesses = await Promise.all(Array.from({ length: 12 }, (_, n) => guess(n)));
      expect(guesses.map(({ status }) => status).sort()).toEqual([
        ...Array<number>(5).fill(403),
        ...Array<number>(7).fill(429),
      ]);
      const right = await change(api, stolen['accessToken']);
      expect([right.status, right.body['type']]).toEqual([429, 'too-many-requests']);
      expect(Number(right.headers['retry-after'])).toBeGreaterThan(0);
      expect((await change(api, own['accessToken'])).status).toBe(204);
      await refused(stolen);
    });

    it.each([
      ['too short', { currentPassword: PASSWORD, newPassword: 'short' }],
      ['too long', { currentPassword: PASSWORD, newPassword: 'x'.repeat(257) }],
      ['missing', { currentPassword: PASSWORD }],
      ['given without the current one', { newPassword: NEW_PASSWORD }],
      ['for somebody else', { currentPassword: PASSWORD, newPassword: NEW_PASSWORD, id: 'x' }],
    ])('is not changed by one that is %s', async (_case, body) => {
      const email = world.anEmail();
      const tokens = await api.signIn(email);
      const answer = await change(api, tokens['accessToken'], body);
      expect([answer.status, answer.body['type']]).toEqual([400, 'validation-failed']);
      expect((await api.login(email)).status).toBe(200);
    });

    it('is changed once by any number of requests at once: one is first, and its session goes on', async () => {
      const email = world.anEmail();
      await api.register(email);
      const sessions = await Promise.all(Array.from({ length: 6 }, () => signIn(email)));
      const answers = await Promise.all(
        sessions.map(({ accessToken }, n) =>
          change(n % 2 === 0 ? api : other, accessToken, {
            currentPassword: PASSWORD,
            newPassword: `${NEW_PASSWORD} ${n}`,
          }),
        ),
      );
      const winners = answers.flatMap(({ status }, n) => (status === 204 ? [n] : []));
      expect(winners).toHaveLength(1);
      for (const [n, session] of sessions.entries()) await (winners[0] === n ? alive : refused)(session);
      await alive(await signIn(email, `${NEW_PASSWORD} ${winners[0]}`));
      const [row] = await app
        .get(DataSource)
        .query<{ epoch: number }[]>(`SELECT epoch FROM account WHERE email = $1`, [email]);
      expect(row?.epoch).toBe(1);
    }, 30_000);

    it('does not let a session go on that is ended at the same time', async () => {
      for (let round = 0; round < 5; round++) {
        const tokens = await api.signIn(world.anEmail());
        const [ended] = await Promise.all([
          other.call('POST', '/v1/auth/logout-all', { token: tokens['accessToken'], body: {} }),
          change(api, tokens['accessToken']),
        ]);
        if (ended.status === 200) await refused(tokens);
      }
    }, 30_000);

    it('is not changed any more from a session that has ended before it was stored', async () => {
      const email = world.anEmail();
      const tokens = await api.signIn(email);
      const dataSource = app.get(DataSource);
      const holder = dataSource.createQueryRunner();
      await holder.startTransaction();
      await holder.query(`SELECT 1 FROM account WHERE email = $1 FOR UPDATE`, [email]);
      const changing = change(api, tokens['accessToken']);
      await eventually('the change waits for the account', async () => {
        const waiting: unknown[] = await dataSource.query(
          `SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
        );
        return waiting.length > 0;
      });
      const logout = await other.call('POST', '/v1/auth/logout', { token: tokens['accessToken'] });
      await holder.commitTransaction();
      await holder.release();
      expect([logout.status, (await changing).status]).toEqual([204, 401]);
      expect((await api.login(email)).status).toBe(200);
    });
  });
});
