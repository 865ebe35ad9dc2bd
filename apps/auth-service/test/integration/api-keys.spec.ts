import { randomUUID } from 'node:crypto';
import { newApiKey } from '@gatehouse/access-control';
import { eventually } from '../../../../test/support/eventually.js';
import { ApiKeyWorld } from './api-key-world.js';
import { AuthApi } from './auth-world.js';

describe('API keys', () => {
  const world = new ApiKeyWorld();
  beforeAll(() => world.startWithAdmin());
  afterAll(() => world.stop(), 30_000);

  const anAdmin = async () => {
    const admin = await world.aUser('admin');
    return { ...admin, token: admin.tokens['accessToken'] };
  };
  const statuses = async (key: string) => [
    (await world.readsUsers(key)).status,
    (await world.readsUsers(key, world.other)).status,
  ];

  it('let programs of a user in, on every replica, for what they are for', async () => {
    const { id, token } = await anAdmin();
    const made = await world.aKey(token, ['users:read']);
    expect(made.key).toMatch(/^gh_[0-9A-Za-z]{22}_[0-9A-Za-z]{43}_[0-9A-Za-z]{6}$/);
    expect(made.key.startsWith(`${made.prefix}_`)).toBe(true);
    expect(await statuses(made.key)).toEqual([200, 200]);
    const denied = await world.api.call('POST', '/v1/auth/users', {
      body: { email: world.anEmail() },
      headers: { 'x-api-key': made.key },
    });
    expect(denied).toMatchObject({ status: 403 });
    expect(denied.body['type']).toContain('insufficient-permission');
    const events = await world.events(world.app, made.id);
    expect(events).toMatchObject([
      {
        ...{ action: 'auth.api-key-created', outcome: 'success', actor: { type: 'user', id } },
        target: { type: 'api-key', id: made.id, name: 'a script' },
        details: { permissions: ['users:read'] },
      },
    ]);
  });

  it('are told once and kept as a hash', async () => {
    const { token } = await anAdmin();
    const { key, ...shown } = await world.aKey(token, ['users:read']);
    const { status, body } = await world.keys('GET', `/${shown.id}`, token);
    expect({ status, body }).toEqual({ status: 200, body: shown });
    expect((await world.keys('GET', '', token)).body['items']).toEqual([shown]);
    const rows = await world.query(`SELECT row_to_json(api_key)::text AS row FROM api_key`);
    const outbox = await world.query(`SELECT payload FROM outbox_message`);
    expect(JSON.stringify([rows, outbox])).not.toContain(key.split('_')[2]);
    const [row] = await world.query<{ hash: Buffer }>(`SELECT hash FROM api_key WHERE id = $1`, [shown.id]);
    expect(row?.hash).toHaveLength(32);
  });

  it('may do no more than their user', async () => {
    const { tokens } = await world.aUser();
    const ask = (permissions: string[]) =>
      world.keys('POST', '', tokens['accessToken'], { name: 'more', permissions });
    for (const permissions of [['users:read'], ['providers:read', '*'], ['providers:*']]) {
      const { status, body } = await ask(permissions);
      expect({ permissions, status }).toEqual({ permissions, status: 403 });
      expect(body['type']).toContain('insufficient-permission');
    }
    expect((await ask(['providers:read'])).status).toBe(201);
  });

  it('lose what their user loses, and get it back with it', async () => {
    const { id, token } = await anAdmin();
    const { key } = await world.aKey(token, ['*']);
    expect(await statuses(key)).toEqual([200, 200]);
    await world.as('PATCH', `/${id}`, { role: 'viewer' });
    expect((await world.readsUsers(key)).status).toBe(403);
    await eventually(
      'the other one knows',
      async () => (await world.readsUsers(key, world.other)).status === 403,
    );
    const client = await world.aService('auth:introspect');
    expect(await world.introspects(key, client)).toMatchObject({
      active: true,
      permissions: ['providers:read'],
    });
    await world.as('PATCH', `/${id}`, { role: 'admin' });
    await eventually('it may again', async () => (await statuses(key)).join() === '200,200');
  });

  it('outlive a change of the password, which ends sessions only', async () => {
    const { token } = await anAdmin();
    const { key } = await world.aKey(token, ['users:read']);
    expect(await statuses(key)).toEqual([200, 200]);
    const { status } = await world.api.call('POST', '/v1/auth/password', {
      body: { currentPassword: 'a long enough phrase', newPassword: 'another long enough phrase' },
      token,
    });
    expect(status).toBe(204);
    expect(await statuses(key)).toEqual([200, 200]);
  });

  it('are refused while their user is disabled, and gone when it is deleted', async () => {
    const { id, token } = await anAdmin();
    const { key, id: keyId } = await world.aKey(token, ['users:read']);
    expect(await statuses(key)).toEqual([200, 200]);
    await world.as('PATCH', `/${id}`, { status: 'disabled' });
    expect((await world.readsUsers(key)).status).toBe(401);
    await eventually(
      'the other one knows',
      async () => (await world.readsUsers(key, world.other)).status === 401,
    );
    await world.as('PATCH', `/${id}`, { status: 'active' });
    // That it was refused is remembered for a few seconds.
    const fresh = await world.aKey((await world.signIn((await account(id)).email))['accessToken'], [
      'users:read',
    ]);
    expect(await statuses(fresh.key)).toEqual([200, 200]);
    await world.as('DELETE', `/${id}`);
    for (const one of [key, fresh.key]) {
      expect((await world.readsUsers(one)).status).toBe(401);
      await eventually(
        'the other one knows',
        async () => (await world.readsUsers(one, world.other)).status === 401,
      );
    }
    expect(await world.query(`SELECT id FROM api_key WHERE id = $1`, [keyId])).toEqual([]);
  });

  it('are refused everywhere once they are deleted, with an event and in one transaction', async () => {
    const { token } = await anAdmin();
    const { key, id } = await world.aKey(token, ['users:read']);
    expect(await statuses(key)).toEqual([200, 200]);
    expect((await world.keys('DELETE', `/${id}`, token)).status).toBe(204);
    expect((await world.readsUsers(key)).status).toBe(401);
    await eventually(
      'the other one knows',
      async () => (await world.readsUsers(key, world.other)).status === 401,
    );
    expect((await world.keys('DELETE', `/${id}`, token)).status).toBe(404);
    const actions = (await world.events(world.app, id)).map(({ action }) => action);
    expect(actions).toEqual(['auth.api-key-created', 'auth.api-key-deleted']);
    expect(await world.query(`SELECT kind FROM revocation WHERE subject = $1`, [id])).toEqual([
      { kind: 'api-key' },
    ]);
  });

  it('of others are not there', async () => {
    const { token } = await anAdmin();
    const { key, id } = await world.aKey(token, ['users:read']);
    for (const method of ['GET', 'DELETE'] as const)
      expect((await world.keys(method, `/${id}`, world.admin)).status).toBe(404);
    expect(await statuses(key)).toEqual([200, 200]);
  });

  it('have no role and make no other keys', async () => {
    const { token } = await anAdmin();
    const { key } = await world.aKey(token, ['*']);
    const headers = { 'x-api-key': key };
    const body = { name: 'another', permissions: ['*'] };
    for (const [method, path] of [
      ['POST', '/api-keys'],
      ['GET', '/api-keys'],
      ['GET', '/me'],
      ['GET', '/sessions'],
    ] as const) {
      const answer = await world.api.call(method, `/v1/auth${path}`, {
        headers,
        ...(method === 'POST' ? { body } : {}),
      });
      expect({ path, status: answer.status }).toEqual({ path, status: 403 });
      expect(answer.body['type']).toContain('insufficient-role');
    }
  });

  it('expire', async () => {
    const { token } = await anAdmin();
    const past = {
      name: 'past',
      permissions: ['users:read'],
      expiresAt: new Date(Date.now() - 1).toISOString(),
    };
    expect((await world.keys('POST', '', token, past)).status).toBe(400);
    const expiresAt = new Date(Date.now() + 4_000).toISOString();
    const made = await world.aKey(token, ['users:read'], { expiresAt });
    expect(made.expiresAt).toBe(expiresAt);
    expect(await statuses(made.key)).toEqual([200, 200]);
    await eventually('it has expired', async () => (await statuses(made.key)).join() === '401,401');
  });

  it('are so many at most, however many are made at once; those that expired do not count', async () => {
    const { id, token } = await anAdmin();
    const body = { name: 'one of many', permissions: ['users:read'] };
    const answers = await Promise.all(Array.from({ length: 25 }, () => world.keys('POST', '', token, body)));
    expect(answers.map(({ status }) => status).sort()).toEqual([
      ...Array<number>(20).fill(201),
      ...Array<number>(5).fill(409),
    ]);
    await world.query(
      `UPDATE api_key SET expires_at = now() WHERE owner_id = $1 AND id = (SELECT max(id::text)::uuid FROM api_key WHERE owner_id = $1)`,
      [id],
    );
    expect((await world.keys('POST', '', token, body)).status).toBe(201);
  });

  it('show when they were used last', async () => {
    const { token } = await anAdmin();
    const { key, id, lastUsedAt } = await world.aKey(token, ['users:read']);
    expect(lastUsedAt).toBeNull();
    await world.readsUsers(key);
    const shown = async () => (await world.keys('GET', `/${id}`, token)).body['lastUsedAt'];
    await eventually('it is noted', async () => (await shown()) !== null);
    const noted = await shown();
    await world.readsUsers(key, world.other);
    await world.introspects(key, await world.aService('auth:introspect'));
    expect(await shown()).toBe(noted);
  });

  it('are refused without a look when they are mistyped, in any way', async () => {
    const { token } = await anAdmin();
    const { key } = await world.aKey(token, ['users:read']);
    const swapped = key.replace(/[a-z]/g, (letter) => letter.toUpperCase());
    const wrong = [
      swapped,
      key.slice(0, -1),
      `${key}=`,
      key.replace('gh_', 'GH_'),
      key.replaceAll('_', '-'),
      '',
      'gh__',
    ];
    const before = await world.query(
      `SELECT count(*) FROM outbox_message WHERE payload LIKE '%api-key-refused%'`,
    );
    for (const one of wrong)
      expect({ one, status: (await world.readsUsers(one)).status }).toEqual({ one, status: 401 });
    const after = await world.query(
      `SELECT count(*) FROM outbox_message WHERE payload LIKE '%api-key-refused%'`,
    );
    expect(after).toEqual(before);
  });

  it('are refused beside a token', async () => {
    const { token } = await anAdmin();
    const { key } = await world.aKey(token, ['users:read']);
    const answer = await world.readsUsers(key, world.api, { authorization: `Bearer ${token}` });
    expect(answer.status).toBe(400);
    expect(answer.body['type']).toContain('ambiguous-credentials');
  });

  it('are known to introspection, and not ended by revocation', async () => {
    const { id, token } = await anAdmin();
    const made = await world.aKey(token, ['users:read', 'audit:*']);
    const client = await world.aService('auth:introspect');
    expect(await world.introspects(made.key, client)).toEqual({
      ...{ active: true, token_use: 'api_key', scope: 'users:read audit:*', client_id: made.id },
      ...{ sub: made.id, permissions: ['users:read', 'audit:*'], owner: id },
    });
    const revoked = await world.form('revoke', { token: made.key }, client);
    expect(revoked).toMatchObject({ status: 400, body: { error: 'unsupported_token_type' } });
    await world.keys('DELETE', `/${made.id}`, token);
    expect(await world.introspects(made.key, client)).toEqual({ active: false });
  });

  const account = async (id: string) => (await world.as('GET', `/${id}`)).body as { email: string };
});

describe('API keys that there are not', () => {
  const world = new ApiKeyWorld();
  beforeAll(() => world.startWithAdmin());
  afterAll(() => world.stop(), 30_000);

  it('are counted by address, told once a minute, and refused unseen when there are too many', async () => {
    const api = new AuthApi(await world.start({ UNKNOWN_API_KEY_LIMIT_PER_ADDRESS: '3/3600' }));
    const { key } = await world.aKey(world.admin, ['users:read']);
    for (let n = 0; n < 3; n++)
      expect((await world.readsUsers(newApiKey(randomUUID()), api)).status).toBe(401);
    const limited = await world.readsUsers(newApiKey(randomUUID()), api);
    expect(limited.status).toBe(429);
    expect(Number(limited.headers['retry-after'])).toBeGreaterThan(0);
    // One that there is, from elsewhere, is let in; and a token from there is.
    expect((await world.readsUsers(key)).status).toBe(200);
    expect((await api.me(world.admin)).status).toBe(200);
    const told = await world.events(world.app, 'auth.api-key-refused');
    expect(told).toMatchObject([{ outcome: 'denied', reason: 'unknown-key', actor: { type: 'anonymous' } }]);
  });

  it('with the id of one that there is are refused and told', async () => {
    const { id } = await world.aKey(world.admin, ['users:read']);
    expect((await world.readsUsers(newApiKey(id))).status).toBe(401);
    const told = await world.events(world.app, id);
    expect(told.at(-1)).toMatchObject({ action: 'auth.api-key-refused', reason: 'wrong-secret' });
  });
});
