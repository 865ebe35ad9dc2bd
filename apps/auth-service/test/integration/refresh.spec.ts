import { createHash } from 'node:crypto';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import fc from 'fast-check';
import { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { type RotationState, rotateRefreshToken } from '../../src/refresh-rotation/refresh-rotation.js';
import { SessionManager } from '../../src/sessions/session.manager.js';
import { SessionRepository } from '../../src/sessions/session.repository.js';
import { AuthApi, AuthWorld, claimsOf } from './auth-world.js';

const WINDOW_MS = 10_000;

describe('refreshing', () => {
  const world = new AuthWorld();
  let app: NestFastifyApplication;
  let api: AuthApi;

  beforeAll(async () => {
    app = await world.start();
    api = new AuthApi(app);
  });

  afterAll(() => world.stop(), 30_000);

  const sessionKey = (tokens: Record<string, string>) =>
    `${world.namespace}:session:{${String(claimsOf(tokens['accessToken'])['sub'])}}:${tokens['sessionId']}`;

  it('changes the token for its successor, once for everybody at once', async () => {
    const first = await api.signIn(world.anEmail());
    const answers = await Promise.all(Array.from({ length: 50 }, () => api.refresh(first['refreshToken'])));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect(new Set(answers.map(({ body }) => body['refreshToken'])).size).toBe(1);
    expect(claimsOf(answers[0]?.body['refreshToken'])).toMatchObject({ counter: 1, sid: first['sessionId'] });
    expect(await world.redis.hget(sessionKey(first), 'n')).toBe('1');
    const events = await world.events(app, first['sessionId'] ?? '');
    const refreshes = events.filter(({ action }) => action === 'auth.refresh');
    expect(refreshes).toHaveLength(50);
    expect(refreshes.filter(({ reason }) => reason === undefined)).toHaveLength(1);
  });

  it('goes on from successor to successor with live access tokens', async () => {
    let tokens = await api.signIn(world.anEmail());
    for (let turn = 1; turn <= 3; turn++) {
      tokens = (await api.refresh(tokens['refreshToken'])).body;
      expect(claimsOf(tokens['refreshToken'])['counter']).toBe(turn);
      expect((await api.me(tokens['accessToken'])).status).toBe(200);
    }
  });

  it.each([
    [
      'two generations old',
      async (tokens: Record<string, string>) => {
        const second = (await api.refresh(tokens['refreshToken'])).body;
        await api.refresh(second['refreshToken']);
        return api.refresh(tokens['refreshToken']);
      },
    ],
    [
      'by another device',
      async (tokens: Record<string, string>) => {
        await api.refresh(tokens['refreshToken']);
        return api.refresh(tokens['refreshToken'], 'another browser');
      },
    ],
    [
      'after the window',
      async (tokens: Record<string, string>) => {
        await api.refresh(tokens['refreshToken']);
        const rotated = Number(await world.redis.hget(sessionKey(tokens), 'r'));
        await world.redis.hset(sessionKey(tokens), 'r', rotated - WINDOW_MS - 1);
        return api.refresh(tokens['refreshToken']);
      },
    ],
  ])(
    'takes a token shown again %s for reuse: the session ends and the trail says so',
    async (_case, reuse) => {
      const tokens = await api.signIn(world.anEmail());
      const answer = await reuse(tokens);
      expect([answer.status, answer.body['type']]).toEqual([401, 'refresh-token-reused']);
      expect((await api.me(tokens['accessToken'])).status).toBe(401);
      expect((await api.refresh(tokens['refreshToken'])).body['type']).toBe('invalid-refresh-token');
      const events = await world.events(app, tokens['sessionId'] ?? '');
      expect(events.filter(({ action }) => action === 'auth.refresh-reuse')).toHaveLength(1);
    },
  );

  it('takes a reused token that many show at once for one reuse', async () => {
    const tokens = await api.signIn(world.anEmail());
    await api.refresh((await api.refresh(tokens['refreshToken'])).body['refreshToken']);
    const answers = await Promise.all(Array.from({ length: 12 }, () => api.refresh(tokens['refreshToken'])));
    const said = answers.map(({ body }) => body['type']);
    expect(said.filter((type) => type === 'refresh-token-reused')).toHaveLength(1);
    expect(said.filter((type) => type === 'invalid-refresh-token')).toHaveLength(11);
    const events = await world.events(app, tokens['sessionId'] ?? '');
    expect(events.filter(({ action }) => action === 'auth.refresh-reuse')).toHaveLength(1);
  });

  it('takes a token ahead of the store for the newest: Redis lost its last second', async () => {
    const tokens = await api.signIn(world.anEmail());
    const second = (await api.refresh(tokens['refreshToken'])).body;
    await world.redis.hset(sessionKey(tokens), 'n', 0);
    const third = await api.refresh(second['refreshToken']);
    expect([third.status, claimsOf(third.body['refreshToken'])['counter']]).toEqual([200, 2]);
  });

  /** Has something done just before or after Redis decides on the next refresh. */
  function aroundDecision(moment: 'before' | 'after', work: () => Promise<unknown>): void {
    const sessions = app.get(SessionManager, { strict: false });
    sessions.rotateSession = async (...args) => {
      // An own property only until here.
      Reflect.deleteProperty(sessions, 'rotateSession');
      if (moment === 'before') await work();
      const rotation = await sessions.rotateSession(...args);
      if (moment === 'after') await work();
      return rotation;
    };
  }

  it.each([
    ['logout', (token = '') => api.call('POST', '/v1/auth/logout', { token })],
    ['logout-all', (token = '') => api.call('POST', '/v1/auth/logout-all', { token, body: {} })],
  ])('gives nothing out for a decision that a %s comes after', async (_case, end) => {
    for (const moment of ['before', 'after'] as const) {
      const tokens = await api.signIn(world.anEmail());
      aroundDecision(moment, async () => expect((await end(tokens['accessToken'])).status).toBeLessThan(300));
      expect((await api.refresh(tokens['refreshToken'])).body['type']).toBe('invalid-refresh-token');
      const events = await world.events(app, tokens['sessionId'] ?? '');
      expect(events.filter(({ action }) => action === 'auth.refresh')).toMatchObject([
        { outcome: 'failure', reason: 'session-ended' },
      ]);
    }
  });

  it('gives nothing out for an account that was disabled, whatever Redis says', async () => {
    const tokens = await api.signIn(world.anEmail());
    const { sub } = claimsOf(tokens['accessToken']);
    const disable = `UPDATE account SET status = 'disabled' WHERE id = $1`;
    aroundDecision('after', () => app.get(DataSource).query(disable, [sub]));
    expect((await api.refresh(tokens['refreshToken'])).status).toBe(401);
    expect(await world.redis.exists(sessionKey(tokens))).toBe(0);
  });

  it('ends a reused session that Redis has again from before it ended', async () => {
    const tokens = await api.signIn(world.anEmail());
    const second = (await api.refresh(tokens['refreshToken'])).body;
    await api.refresh(second['refreshToken']);
    const dump = await world.redis.dumpBuffer(sessionKey(tokens));
    expect((await api.refresh(tokens['refreshToken'])).body['type']).toBe('refresh-token-reused');
    await world.redis.restore(sessionKey(tokens), 0, dump);
    expect((await api.refresh(tokens['refreshToken'])).body['type']).toBe('invalid-refresh-token');
    expect(await world.redis.exists(sessionKey(tokens))).toBe(0);
  });

  it('leaves no live session when it races a logout', async () => {
    for (let round = 0; round < 10; round++) {
      const tokens = await api.signIn(world.anEmail());
      const [logout, ...refreshes] = await Promise.all([
        api.call('POST', '/v1/auth/logout', { token: tokens['accessToken'] }),
        ...Array.from({ length: 4 }, () => api.refresh(tokens['refreshToken'])),
      ]);
      expect(logout?.status).toBe(204);
      for (const { body } of refreshes) {
        if (body['accessToken'] === undefined) continue;
        expect((await api.me(body['accessToken'])).status).toBe(401);
        expect((await api.refresh(body['refreshToken'])).status).toBe(401);
      }
    }
  });

  it.each([
    [
      'tampered',
      (token: string) => token.replace(/\.[^.]+\./, `.${Buffer.from('{"sub":"x"}').toString('base64url')}.`),
    ],
    ['with a newline', (token: string) => `${token}\n`],
    ['with padding', (token: string) => `${token}=`],
    ['cut', (token: string) => token.slice(0, -1)],
    ['without a signature', (token: string) => token.replace(/[^.]+$/, '')],
    ['of no form', () => 'nonsense'],
  ])('refuses a token %s and changes nothing', async (_case, change) => {
    const tokens = await api.signIn(world.anEmail());
    const answer = await api.refresh(change(tokens['refreshToken'] ?? ''));
    expect([answer.status, answer.body['type']]).toEqual([401, 'invalid-refresh-token']);
    expect(await world.redis.hget(sessionKey(tokens), 'n')).toBe('0');
  });

  /** Makes the newest token so much older, and the time at which it was given out; counted from then on, if that is said. */
  async function ageBy(key: string, ms: number, from?: number): Promise<void> {
    for (const field of ['r', 'g']) {
      const at = await world.redis.hget(key, field);
      if (at !== null) await world.redis.hset(key, field, (from ?? Number(at)) - ms);
    }
  }

  it('decides on Redis as the plain function does, whatever the sequence', async () => {
    const sessions = app.get(SessionRepository, { strict: false });
    const aStep = fc.record({
      counter: fc.integer({ min: -3, max: 1 }),
      device: fc.constantFrom('d1', 'd2'),
      ageMs: fc.constantFrom(0, 5_000, 20_000),
      unanswered: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(aStep, { minLength: 1, maxLength: 12 }), async (steps) => {
        const [userId, id] = [uuidv7(), uuidv7()];
        const device = { fingerprint: 'd1', ip: '127.0.0.1' };
        await sessions.create({ id, userId, role: 'user', epoch: 0, device });
        const key = `${world.namespace}:session:{${userId}}:${id}`;
        let state: RotationState = { counter: 0, rotatedAt: 0, device: 'd1' };
        for (const step of steps) {
          const presented = { counter: Math.max(0, state.counter + step.counter), device: step.device };
          await ageBy(key, step.ageMs);
          if (step.unanswered) {
            await sessions.noteUnanswered(userId, id, state.counter);
            await sessions.noteUnanswered(userId, id, state.counter + 1);
            state = { ...state, unanswered: true };
          }
          // The clock of Redis moves a little between the two: ages are far from the edges of the window.
          const expected = rotateRefreshToken(state, presented, step.ageMs, WINDOW_MS);
          const { decision } = await sessions.rotate(userId, id, presented);
          expect(decision).toBe(expected.decision);
          if (decision === 'reused') {
            // Ending it is up to the caller.
            expect(await world.redis.hmget(key, 'n', 'd')).toEqual([String(state.counter), state.device]);
            return;
          }
          // A replay leaves the age as it is; it must not add up over steps.
          await ageBy(key, 0, Number((await world.redis.time())[0]) * 1000);
          state = { ...expected.state, rotatedAt: 0 };
          if (state.givenAt !== undefined) state.givenAt = 0;
          expect(await world.redis.hmget(key, 'n', 'd')).toEqual([String(state.counter), state.device]);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('tells devices apart by their user agent', async () => {
    const tokens = await api.signIn(world.anEmail());
    const fingerprint = createHash('sha256').update('browser').digest('base64url').slice(0, 12);
    expect(await world.redis.hget(sessionKey(tokens), 'd')).toBe(fingerprint);
  });
});
