import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DataSource } from 'typeorm';
import { AuthApi, AuthWorld, claimsOf, headerOf, ISSUER, PASSWORD } from './auth-world.js';

describe('signing in', () => {
  const world = new AuthWorld();
  let app: NestFastifyApplication;
  let api: AuthApi;

  const query = <Row>(sql: string, parameters: unknown[] = []) =>
    app.get(DataSource).query<Row[]>(sql, parameters);

  beforeAll(async () => {
    app = await world.start();
    api = new AuthApi(app);
  });

  afterAll(() => world.stop(), 30_000);

  it('makes an account with the role user, its email in lower case, its password as argon2id', async () => {
    const answer = await api.register('  Ada@Example.TEST ', { displayName: ' Ada ' });
    expect(answer.status).toBe(201);
    expect(answer.body).toEqual({
      ...{ id: expect.any(String) as string, email: 'ada@example.test', displayName: 'Ada', role: 'user' },
      createdAt: expect.stringMatching(/^\d{4}-.*Z$/) as string,
    });
    const [row] = await query<{ password_hash: string }>('SELECT password_hash FROM account WHERE id = $1', [
      answer.body['id'],
    ]);
    expect(row?.password_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });

  it('makes one account of many registrations of one email at once', async () => {
    const email = world.anEmail();
    const answers = await Promise.all(Array.from({ length: 8 }, () => api.register(email)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array<number>(7).fill(409)]);
    expect(answers.find(({ status }) => status === 409)?.body['type']).toBe('email-taken');
    expect(await query('SELECT id FROM account WHERE email = $1', [email])).toHaveLength(1);
    expect(
      await world.events(app, answers.find(({ status }) => status === 201)?.body['id'] ?? ''),
    ).toHaveLength(1);
  });

  it.each([
    ['a short password', { password: 'eleven char' }, 'password'],
    ['a common password', { password: 'password1234' }, 'password'],
    ['a long password', { password: 'x'.repeat(257) }, 'password'],
    ['a password with the email', { email: 'grace@example.test', password: 'my-name-is-Grace!' }, 'password'],
    ['no email', { email: 'nobody' }, 'email'],
    ['an unknown field', { role: 'admin' }, ''],
  ])('refuses %s and makes no account', async (_case, change, path) => {
    const body = { email: world.anEmail(), ...change };
    const answer = await api.register(body.email, change);
    expect([answer.status, answer.body['type']]).toEqual([400, 'validation-failed']);
    expect((answer.body['errors'] as unknown as { path: string }[])[0]?.path).toBe(path);
    expect(await query('SELECT id FROM account WHERE email = $1', [body.email])).toEqual([]);
  });

  it('answers tokens with the claims of the design, dated by the same second', async () => {
    const { body } = await (await api.register('claims@example.test'), api.login('claims@example.test'));
    expect(body).toMatchObject({ tokenType: 'Bearer', expiresIn: 900, refreshExpiresIn: 604_800 });
    const [access, refresh] = [claimsOf(body['accessToken']), claimsOf(body['refreshToken'])];
    expect(headerOf(body['accessToken'])).toEqual({
      alg: 'ES256',
      typ: 'at+jwt',
      kid: expect.any(String) as string,
    });
    expect(access).toEqual({
      ...{
        sub: expect.any(String) as string,
        role: 'user',
        type: 'access',
        sid: body['sessionId'],
        epoch: 0,
      },
      ...{ jti: expect.any(String) as string, client_id: 'gatehouse', iss: ISSUER, aud: 'gatehouse' },
      ...{ iat: expect.any(Number) as number, exp: (access['iat'] as number) + 900 },
    });
    expect(headerOf(body['refreshToken'])).toMatchObject({ alg: 'HS256', typ: 'rt+jwt' });
    expect(refresh).toMatchObject({
      type: 'refresh',
      sid: body['sessionId'],
      counter: 0,
      iss: ISSUER,
      aud: ISSUER,
      iat: access['iat'],
    });
    expect(refresh['exp']).toBe((refresh['iat'] as number) + 604_800);
    const seconds = Number((await world.redis.time())[0]);
    expect(Math.abs(seconds - (access['iat'] as number))).toBeLessThanOrEqual(5);
  });

  it('says who the caller is, and ends the session at once', async () => {
    const email = world.anEmail();
    const tokens = await api.signIn(email);
    const me = await api.me(tokens['accessToken']);
    expect(me.body).toEqual({
      ...{ id: claimsOf(tokens['accessToken'])['sub'], email, displayName: null, role: 'user' },
      ...{ permissions: ['providers:read', 'providers:report'], sessionId: tokens['sessionId'] },
    });
    expect((await api.call('POST', '/v1/auth/logout', { token: tokens['accessToken'] })).status).toBe(204);
    expect((await api.me(tokens['accessToken'])).body['type']).toBe('unauthenticated');
    expect((await api.refresh(tokens['refreshToken'])).body['type']).toBe('invalid-refresh-token');
    expect(
      (await world.events(app, tokens['sessionId'] ?? '')).map(
        ({ action, outcome }) => `${String(action)} ${String(outcome)}`,
      ),
    ).toEqual(['auth.login success', 'auth.logout success', 'auth.refresh failure']);
  });

  it('gives one answer to a wrong password, an unknown account, a disabled one and no password', async () => {
    const [known, disabled] = [world.anEmail(), world.anEmail()];
    await api.register(known);
    await api.register(disabled);
    await query(`UPDATE account SET status = 'disabled' WHERE email = $1`, [disabled]);
    const answers = [
      await api.login(known, { password: 'another long phrase' }),
      await api.login(world.anEmail()),
      await api.login(disabled),
      await api.login(known, { password: '' }),
    ];
    const bodies = answers.map(({ body }) => ({ ...body, requestId: '' }));
    expect(bodies[0]).toMatchObject({ type: 'invalid-credentials', status: 401 });
    expect(bodies).toEqual(bodies.map(() => bodies[0]));
  });

  it('keeps the device token of a device, and gives a strange one another', async () => {
    const email = world.anEmail();
    const { deviceToken } = await api.signIn(email);
    expect((await api.login(email, { deviceToken })).body['deviceToken']).toBe(deviceToken);
    expect((await api.login(email, { deviceToken: 'x.y' })).body['deviceToken']).not.toBe(deviceToken);
    expect((await api.signIn(world.anEmail()))['deviceToken']).not.toBe(deviceToken);
  });

  it.each(['register', 'login', 'refresh'])('answers nonsense to %s with a problem', async (route) => {
    for (const body of [
      '{"email":',
      'null',
      '[]',
      '{}',
      '{"email":{"$gt":""},"password":["x"]}',
      `{"refreshToken":7}`,
    ]) {
      const answer = await api.call('POST', `/v1/auth/${route}`, { body });
      expect([route, body, answer.status]).toEqual([route, body, 400]);
      expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
    }
  });

  it('does not take a refresh token for an access token, nor the other way round', async () => {
    const tokens = await api.signIn(world.anEmail());
    expect((await api.me(tokens['refreshToken'])).status).toBe(401);
    expect((await api.refresh(tokens['accessToken'])).body['type']).toBe('invalid-refresh-token');
  });

  it('never writes a password or a token where it is kept', async () => {
    const tokens = await api.signIn(world.anEmail());
    const rows = await query<{ payload: string }>('SELECT payload FROM outbox_message');
    const keys = await world.redis.keys(`${world.namespace}:*`);
    const hashes = await Promise.all(
      keys.map(async (key) => ((await world.redis.type(key)) === 'hash' ? world.redis.hgetall(key) : {})),
    );
    const kept = JSON.stringify([
      rows,
      hashes,
      await query('SELECT * FROM account'),
      await query('SELECT * FROM signing_key'),
    ]);
    for (const secret of [PASSWORD, tokens['accessToken'], tokens['refreshToken'], 'PRIVATE KEY'])
      expect(kept).not.toContain(secret);
  });
});
