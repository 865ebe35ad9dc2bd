import { decodeJwt } from 'jose';
import { AuthFleet } from './auth-fleet.js';
import { type AuthReplica, PASSWORD, type Tokens } from './auth-replica.js';

/** What comes by when a process is about to do a step. */
interface At {
  engine: 'redis' | 'database';
  /** `$user` is the id of the account. */
  text: string;
  after?: string;
  /** Whether the engine does the step. */
  letsPass: boolean;
}

const MOST_SESSIONS = 2;
const ON_REDIS = { engine: 'redis', text: 'session:{$user}' } as const;
const commitAfter = (action: string) => ({ engine: 'database', text: 'COMMIT', after: action }) as const;

/** A process is killed with -9 while an engine is about to do a step for it, or has done it and its answer is on the way. */
describe('auth-service that is killed with -9', () => {
  let fleet: AuthFleet;
  let survivor: AuthReplica;

  beforeAll(async () => {
    fleet = await AuthFleet.start();
    survivor = await fleet.replica({ env: { MAX_SESSIONS_PER_USER: String(MOST_SESSIONS) } });
  }, 60_000);

  afterAll(() => fleet.stop(), 60_000);

  const victim = () =>
    fleet.replica({ behindDoors: true, env: { MAX_SESSIONS_PER_USER: String(MOST_SESSIONS) } });
  const signIn = async (email: string) => {
    const body = { email, password: PASSWORD };
    const headers = { 'user-agent': 'browser' };
    return (await survivor.call<Tokens>('POST', '/v1/auth/login', { body, headers })).body;
  };
  const sessionsOf = async ({ accessToken }: Tokens) => {
    const { body } = await survivor.call<{ items: { id: string }[] }>('GET', '/v1/auth/sessions', {
      token: accessToken,
    });
    return body.items.map(({ id }) => id);
  };
  const anAccount = async () => {
    const email = fleet.anEmail();
    return { email, userId: (await survivor.register(email)).body.id };
  };

  /** Kills it at the step of its work; nobody is answered. */
  async function killAt(
    { engine, text, ...how }: At,
    userId: string,
    work: (at: AuthReplica) => Promise<unknown>,
  ): Promise<void> {
    const killed = await victim();
    const held = fleet.doors[engine].holdAt('in', text.replace('$user', userId), how);
    const answered = work(killed).then(
      () => 'answered',
      () => 'not answered',
    );
    await held;
    await killed.kill();
    expect(await answered).toBe('not answered');
  }

  const LOGIN: [string, At, { made: boolean; told: boolean }][] = [
    ['before the session is made', { ...ON_REDIS, letsPass: false }, { made: false, told: false }],
    ['after the session was made', { ...ON_REDIS, letsPass: true }, { made: true, told: false }],
    [
      'before the event is written',
      { engine: 'database', text: '"auth.login"', letsPass: false },
      { made: true, told: false },
    ],
    ['before the commit', { ...commitAfter('"auth.login"'), letsPass: false }, { made: true, told: false }],
    ['after the commit', { ...commitAfter('"auth.login"'), letsPass: true }, { made: true, told: true }],
  ];

  it.each(LOGIN)(
    'while it signs in, %s: what is left is seen, and can be ended',
    async (_step, at, { made, told }) => {
      const { email, userId } = await anAccount();
      await killAt(at, userId, (replica) => replica.login(email));

      const tokens = await signIn(email);
      const others = (await sessionsOf(tokens)).filter((id) => id !== tokens.sessionId);
      expect(others).toHaveLength(made ? 1 : 0);
      const logins = (await fleet.told(userId)).filter(({ action }) => action === 'auth.login');
      expect(logins.map(({ context }) => context?.sessionId)).toEqual([
        ...(told ? others : []),
        tokens.sessionId,
      ]);
      for (const id of others) {
        const ended = await survivor.call('DELETE', `/v1/auth/sessions/${id}`, { token: tokens.accessToken });
        expect(ended.status).toBe(204);
      }
      expect(await sessionsOf(tokens)).toEqual([tokens.sessionId]);
      expect((await survivor.me(tokens.accessToken)).status).toBe(200);
    },
  );

  it.each(LOGIN)(
    'while a sign-in is one too many, %s: the oldest ends with its event, or goes on',
    async (_step, at, { told }) => {
      const { email, userId } = await anAccount();
      const [oldest, newest] = [await signIn(email), await signIn(email)];
      await killAt(at, userId, (replica) => replica.login(email));

      const events = await fleet.told(oldest.sessionId);
      const ended = events.filter(({ action }) => action === 'auth.session-ended');
      expect(ended.map(({ target, reason }) => [target?.id, reason])).toEqual(
        told ? [[oldest.sessionId, 'too-many-sessions']] : [],
      );
      expect((await survivor.refresh(oldest.refreshToken)).status).toBe(told ? 401 : 200);
      expect((await survivor.refresh(newest.refreshToken)).status).toBe(200);
    },
  );

  const REFRESH: [string, At, { rotated: boolean; told: boolean }][] = [
    ['before it is rotated', { ...ON_REDIS, letsPass: false }, { rotated: false, told: false }],
    ['after it was rotated', { ...ON_REDIS, letsPass: true }, { rotated: true, told: false }],
    // One statement writes the event and commits it.
    [
      'before the event is written',
      { engine: 'database', text: '"auth.refresh"', letsPass: false },
      { rotated: true, told: false },
    ],
    [
      'after the event was written',
      { engine: 'database', text: '"auth.refresh"', letsPass: true },
      { rotated: true, told: true },
    ],
  ];

  it.each(REFRESH)(
    'while it refreshes, %s: the client goes on, in one lineage',
    async (_step, at, { rotated, told }) => {
      const { email, userId } = await anAccount();
      const tokens = await signIn(email);
      await killAt(at, userId, (replica) => replica.refresh(tokens.refreshToken));

      // Two tabs that have not been answered.
      const again = await Promise.all([1, 2].map(() => survivor.refresh(tokens.refreshToken)));
      expect(again.map(({ status }) => status)).toEqual([200, 200]);
      expect(new Set(again.map(({ body }) => body.refreshToken)).size).toBe(1);
      const next = again[0]?.body as Tokens;
      expect(decodeJwt(next.refreshToken)['counter']).toBe(1);
      expect((await survivor.me(next.accessToken)).status).toBe(200);
      const events = (await fleet.told(tokens.sessionId)).filter(({ action }) => action === 'auth.refresh');
      // The rotation has its event when it was committed; what was not is told of by those who asked again.
      expect(events.map(({ outcome }) => outcome)).toEqual(Array(told ? 3 : 2).fill('success'));
      expect(events.filter(({ reason }) => reason === undefined)).toHaveLength(rotated && !told ? 0 : 1);
      expect((await survivor.refresh(next.refreshToken)).status).toBe(200);
    },
  );

  it.each([
    ['before it is decided', { ...ON_REDIS, letsPass: false }, false],
    ['after it was decided', { ...ON_REDIS, letsPass: true }, false],
    ['before the commit', { ...commitAfter('"auth.refresh-reuse"'), letsPass: false }, false],
    ['after the commit', { ...commitAfter('"auth.refresh-reuse"'), letsPass: true }, true],
  ] as const)(
    'while a reused token is shown, %s: the reuse is told of once, and ends the session then',
    async (_step, at, committed) => {
      const { email, userId } = await anAccount();
      const tokens = await signIn(email);
      const second = (await survivor.refresh(tokens.refreshToken)).body;
      await killAt(at, userId, (replica) => replica.refresh(tokens.refreshToken, 'thief'));

      const reuses = async () =>
        (await fleet.told(tokens.sessionId)).filter(({ action }) => action === 'auth.refresh-reuse').length;
      expect(await reuses()).toBe(committed ? 1 : 0);
      // What was not written down has not happened: it happens when the token is shown again.
      if (!committed) expect((await survivor.me(second.accessToken)).status).toBe(200);
      const again = await survivor.refresh(tokens.refreshToken, 'thief');
      expect([again.status, again.body.type]).toEqual([
        401,
        committed ? 'invalid-refresh-token' : 'refresh-token-reused',
      ]);
      expect(await reuses()).toBe(1);
      expect((await survivor.refresh(second.refreshToken)).status).toBe(401);
      expect((await survivor.me(second.accessToken)).status).toBe(401);
    },
  );

  it.each([
    ['before the event is written', { engine: 'database', text: '"auth.logout"', letsPass: false }, false],
    ['before the commit', { ...commitAfter('"auth.logout"'), letsPass: false }, false],
    ['after the commit', { ...commitAfter('"auth.logout"'), letsPass: true }, true],
  ] as const)(
    'while it signs out, %s: it has happened with its event, or not at all',
    async (_step, at, committed) => {
      const { email, userId } = await anAccount();
      const tokens = await signIn(email);
      await killAt(at, userId, (replica) => replica.logout(tokens.accessToken));

      const logouts = async () =>
        (await fleet.told(tokens.sessionId)).filter(({ action }) => action === 'auth.logout').length;
      expect(await logouts()).toBe(committed ? 1 : 0);
      expect((await survivor.refresh(tokens.refreshToken)).status).toBe(committed ? 401 : 200);
      if (committed) return;
      expect((await survivor.logout(tokens.accessToken)).status).toBe(204);
      expect(await logouts()).toBe(1);
      expect((await survivor.refresh(tokens.refreshToken)).status).toBe(401);
    },
  );
});
