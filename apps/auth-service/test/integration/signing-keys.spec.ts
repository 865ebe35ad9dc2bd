import type { SigningKeyAnswer } from '@gatehouse/auth-contracts';
import { BroadcastReceiver } from '@gatehouse/redis-transport';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DataSource } from 'typeorm';
import { eventually } from '../../../../test/support/eventually.js';
import { SigningKeyManager } from '../../src/signing-keys/signing-key.manager.js';
import { OwnIdentity } from '../../src/tokens/own.identity.js';
import { AuthApi, AuthWorld, headerOf, PASSWORD } from './auth-world.js';

const ADMIN = { BOOTSTRAP_ADMIN_EMAIL: 'root@example.test', BOOTSTRAP_ADMIN_PASSWORD: PASSWORD };
const JWKS = '/.well-known/jwks.json';
const KEYS = '/v1/auth/signing-keys';

type Kids = { kid: string; alg: string }[];

describe('signing keys of two replicas', () => {
  const world = new AuthWorld();
  let apps: NestFastifyApplication[];
  let first: AuthApi;
  let second: AuthApi;
  let admin: string;

  beforeAll(async () => {
    apps = [await world.start(ADMIN), await world.start(ADMIN)];
    [first, second] = apps.map((app) => new AuthApi(app)) as [AuthApi, AuthApi];
    await eventually('the admin signs in', async () => (await signIn()) === 200);
  });

  afterAll(() => world.stop(), 30_000);

  const signIn = async () => {
    const { status, body } = await first.login('root@example.test');
    admin = body['accessToken'] ?? '';
    return status;
  };
  const database = () => (apps[0] as NestFastifyApplication).get(DataSource);
  const published = async (api: AuthApi) =>
    ((await api.call('GET', JWKS)).body['keys'] as unknown as Kids).map(({ kid }) => kid);
  const list = async (api: AuthApi) =>
    (await api.call('GET', KEYS, { token: admin })).body['items'] as unknown as SigningKeyAnswer[];
  const rotate = (api: AuthApi) => api.call('POST', `${KEYS}/rotate`, { token: admin });
  const states = async () => (await list(first)).map(({ state }) => state);
  const kidOf = (tokens: Record<string, string>) => String(headerOf(tokens['accessToken'])['kid']);
  const signsWith = async (api: AuthApi) => kidOf((await api.login('root@example.test')).body);
  const tell = async (action: string) => {
    const rows = await database().query<{ payload: string }[]>(
      `SELECT payload FROM outbox_message WHERE payload LIKE $1 ORDER BY id`,
      [`%"${action}"%`],
    );
    return rows.map(({ payload }) => JSON.parse(payload) as Record<string, Record<string, unknown>>);
  };
  /** Lets so much time go by for the keys. */
  const age = (interval: string) =>
    database().query(`UPDATE signing_key SET active_from = active_from - $1::interval`, [interval]);
  const refreshBoth = () =>
    Promise.all(apps.map((app) => app.get(SigningKeyManager, { strict: false }).refresh()));

  it('are shown to who may manage them only', async () => {
    await first.register('ada@example.test');
    const { accessToken } = (await first.login('ada@example.test')).body;
    for (const [method, path] of [
      ['GET', KEYS],
      ['POST', `${KEYS}/rotate`],
      ['DELETE', `${KEYS}/x`],
    ] as const) {
      expect((await first.call(method, path)).status).toBe(401);
      expect((await first.call(method, path, { token: accessToken })).status).toBe(403);
    }
    const [key, ...others] = await list(second);
    expect(others).toEqual([]);
    expect(key).toMatchObject({ algorithm: 'ES256', state: 'active', retiresAt: null, goneAt: null });
    expect(JSON.stringify(key)).not.toMatch(/sealed|private/i);
  });

  it('say for how long they may be kept', async () => {
    expect((await first.call('GET', JWKS)).headers['cache-control']).toBe('public, max-age=300');
  });

  it('get one next, however many ask at once, and it is published ahead of its use', async () => {
    const active = await signsWith(first);
    const answers = await Promise.all(Array.from({ length: 8 }, (_, n) => rotate(n % 2 ? first : second)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(await states()).toEqual(['active', 'next']);
    const next = (await list(first))[1] as SigningKeyAnswer;
    const ahead = Date.parse(next.activeFrom) - Date.parse(next.createdAt);
    expect(ahead).toBe(2 * 300_000);
    for (const api of [first, second]) {
      expect(await published(api)).toEqual([active, next.kid]);
      expect(await signsWith(api)).toBe(active);
    }
    expect((await tell('auth.signing-key-rotated')).slice(1)).toMatchObject([
      { actor: { type: 'user' }, target: { type: 'signing-key', id: next.kid } },
    ]);
  });

  it('change at the same time everywhere, and the old one is kept as long as its tokens live', async () => {
    const before = (await first.login('root@example.test')).body;
    await age('10 minutes');
    await refreshBoth();
    const [old, active] = (await list(second)) as [SigningKeyAnswer, SigningKeyAnswer];
    expect([old.state, active.state]).toEqual(['retiring', 'active']);
    expect(Date.parse(old.goneAt ?? '') - Date.parse(active.activeFrom)).toBe(16 * 60_000);
    expect([await signsWith(first), await signsWith(second)]).toEqual([active.kid, active.kid]);
    expect((await second.me(before['accessToken'])).status).toBe(200);
    expect(await published(first)).toContain(old.kid);

    await signIn();
    await age('16 minutes');
    expect(await published(first)).toEqual([active.kid]);
    await refreshBoth();
    expect((await second.me(before['accessToken'])).status).toBe(401);
    // The refresh token is of another key: nobody is logged out.
    expect((await second.refresh(before['refreshToken'])).status).toBe(200);
  });

  it('rotate by themselves, by one replica', async () => {
    await age('30 days');
    await Promise.all([refreshBoth(), refreshBoth()]);
    expect(await states()).toEqual(['active', 'next']);
    expect((await tell('auth.signing-key-rotated')).at(-1)).toMatchObject({ actor: { type: 'system' } });
    expect(await tell('auth.signing-key-rotated')).toHaveLength(3);
  });

  it('are told of to every verifier', async () => {
    let hints = 0;
    const receiver = apps[1]?.get(BroadcastReceiver, { strict: false });
    const feed = receiver?.subscribe('auth.keys-changed', {
      apply: () => void hints++,
      reload: () => undefined,
    });
    await eventually('it listens', () => feed?.sequence !== undefined);
    const [, next] = (await list(first)) as [SigningKeyAnswer, SigningKeyAnswer];
    expect((await first.call('DELETE', `${KEYS}/${next.kid}`, { token: admin })).status).toBe(204);
    await eventually('it is told', () => hints >= 1);
    // A rotation is due, so another one is made in its place.
    const [, other] = (await list(second)) as [SigningKeyAnswer, SigningKeyAnswer];
    expect(other.state).toBe('next');
    expect(other.kid).not.toBe(next.kid);
    await feed?.stop();
  });

  it('are withdrawn at once, with every token of theirs, also one that was verified before', async () => {
    const active = await signsWith(second);
    const tokens = (await second.login('root@example.test')).body;
    for (const api of [first, second]) expect((await api.me(tokens['accessToken'])).status).toBe(200);
    expect((await first.call('DELETE', `${KEYS}/${active}`, { token: admin })).status).toBe(204);
    for (const api of [first, second]) expect(await published(api)).not.toContain(active);
    expect((await first.me(tokens['accessToken'])).status).toBe(401);
    await eventually('the other replica refuses it', async () => {
      return (await second.me(tokens['accessToken'])).status === 401;
    });
    await signIn();
    // What waited has taken over: it is known to every verifier already.
    expect(await states()).toEqual(['active']);
    const renewed = (await second.refresh(tokens['refreshToken'], 'lightMyRequest')).body;
    expect(kidOf(renewed)).toBe(await signsWith(first));
    for (const api of [first, second]) expect((await api.me(renewed['accessToken'])).status).toBe(200);
    expect((await tell('auth.signing-key-withdrawn')).at(-1)).toMatchObject({
      target: { id: active },
      details: { state: 'active' },
      actor: { type: 'user' },
    });
  });

  it('have the one that waits take over when the active one is withdrawn', async () => {
    await rotate(second);
    const [active, next] = (await list(first)) as [SigningKeyAnswer, SigningKeyAnswer];
    const own = (apps[0] as NestFastifyApplication).get(OwnIdentity, { strict: false });
    const token = await own.token();
    expect([await own.token(), headerOf(token)['kid']]).toEqual([token, active.kid]);
    await Promise.all(
      [first, second].map((api) => api.call('DELETE', `${KEYS}/${active.kid}`, { token: admin })),
    );
    expect(await signsWith(first)).toBe(next.kid);
    // It is known by another token at once.
    expect(headerOf(await own.token())['kid']).toBe(next.kid);
    await signIn();
    expect((await list(first)).map(({ kid, state }) => [kid, state])).toEqual([[next.kid, 'active']]);
  });

  it('answer 404 for one that is not there', async () => {
    expect((await first.call('DELETE', `${KEYS}/nothing`, { token: admin })).status).toBe(404);
  });

  it('are told of later when Redis does not take it at first', async () => {
    await database().query(`UPDATE signing_key_changes SET made = made + 1`);
    await eventually('it is told', async () => {
      const rows: unknown[] = await database().query(
        `SELECT 1 FROM signing_key_changes WHERE made = announced`,
      );
      return rows.length === 1;
    });
  });
});

describe('the algorithm of tokens', () => {
  const secret = 'a-secret-that-the-whole-platform-shares';
  let world: AuthWorld;

  beforeEach(() => {
    world = new AuthWorld();
  });

  afterEach(() => world.stop(), 30_000);

  const algorithms = async (api: AuthApi) =>
    ((await api.call('GET', JWKS)).body['keys'] as unknown as Kids).map(({ alg }) => alg);

  it('may be RS256, from the first key on', async () => {
    const api = new AuthApi(await world.start({ JWT_ALGORITHM: 'RS256' }));
    const tokens = await api.signIn(world.anEmail());
    expect(headerOf(tokens['accessToken'])['alg']).toBe('RS256');
    expect((await api.me(tokens['accessToken'])).status).toBe(200);
    expect(await algorithms(api)).toEqual(['RS256']);
  }, 30_000);

  it('changes by a new key, when that was published long enough', async () => {
    const before = new AuthApi(await world.start());
    const tokens = await before.signIn(world.anEmail());
    const app = await world.start({ JWT_ALGORITHM: 'RS256' });
    const after = new AuthApi(app);
    expect(await algorithms(after)).toEqual(['ES256', 'RS256']);
    expect(headerOf((await after.signIn(world.anEmail()))['accessToken'])['alg']).toBe('ES256');
    await app
      .get(DataSource)
      .query(`UPDATE signing_key SET active_from = active_from - interval '10 minutes'`);
    expect(await algorithms(after)).toEqual(['ES256', 'RS256']);
    const later = (await after.refresh(tokens['refreshToken'])).body;
    expect(headerOf(later['accessToken'])['alg']).toBe('RS256');
    for (const token of [tokens['accessToken'], later['accessToken']]) {
      expect((await after.me(token)).status).toBe(200);
    }
  }, 30_000);

  it('may be HS256 with a secret of the platform, which is published nowhere', async () => {
    const app = await world.start({ JWT_ALGORITHM: 'HS256', JWT_SECRET_KEY: secret });
    const api = new AuthApi(app);
    const tokens = await api.signIn(world.anEmail());
    expect(headerOf(tokens['accessToken'])['alg']).toBe('HS256');
    expect((await api.me(tokens['accessToken'])).status).toBe(200);
    expect(await algorithms(api)).toEqual([]);
    const rows = await app.get(DataSource).query<object[]>(`SELECT * FROM signing_key`);
    expect(JSON.stringify(rows)).not.toContain(secret);

    // Back to a key of its own: at once, as the secret is not to be used any more.
    const es256 = new AuthApi(await world.start({ JWT_SECRET_KEY: secret }));
    const renewed = (await es256.refresh(tokens['refreshToken'])).body;
    expect(headerOf(renewed['accessToken'])['alg']).toBe('ES256');
    expect((await es256.me(tokens['accessToken'])).status).toBe(401);
  }, 30_000);
});
