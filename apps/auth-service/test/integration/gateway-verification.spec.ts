import { eventually } from '../../../../test/support/eventually.js';
import { ApiKeyWorld } from './api-key-world.js';
import { claimsOf } from './auth-world.js';

const IDENTITY = ['x-auth-subject', 'x-auth-role', 'x-auth-session', 'x-auth-permissions'];

describe('GET /v1/auth/verify', () => {
  const world = new ApiKeyWorld();
  beforeAll(() => world.startWithAdmin());
  afterAll(() => world.stop(), 30_000);

  const verify = async (
    query: string,
    { token, headers }: { token?: string; headers?: Record<string, string> } = {},
  ) => {
    const answer = await world.app.inject({
      url: `/v1/auth/verify${query}`,
      headers: { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...headers },
    });
    const problem: { type?: string } = answer.body === '' ? {} : answer.json();
    const { type } = problem;
    const told = IDENTITY.map((name) => answer.headers[name]);
    return { status: answer.statusCode, type, told, body: answer.body, headers: answer.headers };
  };
  const refusals = (id: string) =>
    world
      .events(world.app, id)
      .then((events) => events.filter(({ action }) => action === 'auth.gateway-refused'));

  it('tells who a user is', async () => {
    const { id, tokens } = await world.aUser();
    const { status, told, body, headers } = await verify('', { token: tokens['accessToken'] });
    expect({ status, told, body }).toEqual({
      ...{ status: 200, body: '' },
      told: [id, 'user', claimsOf(tokens['accessToken'])['sid'], 'providers:read,providers:report'],
    });
    expect(headers['cache-control']).toBe('no-store');
  });

  it('tells who a service and an API key are: neither has a role', async () => {
    const service = await world.aService('providers:read');
    const token = await world.tokenOf(service);
    expect((await verify('', { token })).told).toEqual([service.id, undefined, undefined, 'providers:read']);
    const { id, key } = await world.aKey(world.admin, ['users:read', 'audit:*']);
    const headers = { 'x-api-key': key };
    const answer = await verify('?permission=users:read', { headers });
    expect(answer).toMatchObject({ status: 200, told: [id, undefined, undefined, 'users:read,audit:*'] });
    expect(await verify('?role=guest', { headers })).toMatchObject({
      status: 403,
      told: Array(4).fill(undefined),
    });
  });

  it('refuses whoever shows nothing, nothing good, or two things', async () => {
    expect(await verify('')).toMatchObject({ status: 401, told: Array(4).fill(undefined) });
    expect(await verify('', { token: 'a.b.c' })).toMatchObject({ status: 401 });
    expect(await verify('', { headers: { 'x-api-key': 'gh_a_b_c' } })).toMatchObject({ status: 401 });
    const { key } = await world.aKey(world.admin, ['users:read']);
    const both = await verify('', { token: world.admin, headers: { 'x-api-key': key } });
    expect(both.status).toBe(400);
    expect(both.type).toContain('ambiguous-credentials');
  });

  it('asks for a role and for permissions, all of them', async () => {
    const { tokens } = await world.aUser();
    const status = async (query: string, token = tokens['accessToken']) =>
      (await verify(query, { token })).status;
    expect(await status('?role=user')).toBe(200);
    expect(await status('?role=viewer')).toBe(200);
    expect(await status('?role=admin')).toBe(403);
    expect(await status('?role=viewer&role=admin')).toBe(403);
    expect(await status('?permission=providers:read&permission=providers:report&role=user')).toBe(200);
    expect(await status('?permission=providers:read&permission=providers:write')).toBe(403);
    expect(await status('?role=admin&permission=anything:at-all', world.admin)).toBe(200);
    expect(await status('?role=root')).toBe(400);
    expect(await status('?role=')).toBe(400);
    expect(await status('?role=user&role=Admin')).toBe(400);
    expect(await status('?permission=')).toBe(400);
    expect(await status('?roles=admin')).toBe(400);
  });

  it('tells the audit trail whom it refused, with method and path of the request, never its query', async () => {
    const { id, tokens } = await world.aUser();
    const headers = { 'x-forwarded-method': 'DELETE', 'x-forwarded-uri': '/projects/7?token=very-secret' };
    expect(await verify('?role=admin', { token: tokens['accessToken'], headers })).toMatchObject({
      status: 403,
    });
    const told = await refusals(id);
    expect(told).toMatchObject([
      {
        ...{
          category: 'access',
          outcome: 'denied',
          reason: 'insufficient-role',
          actor: { type: 'user', id },
        },
        details: { roles: ['admin'], permissions: [], forwarded: { method: 'DELETE', path: '/projects/7' } },
      },
    ]);
    expect(JSON.stringify(told)).not.toContain('very-secret');
  });

  it('tells of callers whom nobody knows once a minute for each address', async () => {
    const before = await world.events(world.app, 'auth.gateway-refused');
    const anonymous = (events: Record<string, unknown>[]) =>
      events.filter(({ reason }) => reason === 'unauthenticated');
    for (let n = 0; n < 3; n++) {
      const answer = await verify('', {
        token: 'a.b.c',
        headers: { 'x-original-method': 'PUT', 'x-original-uri': `/attack/${n}?key=very-secret` },
      });
      expect(answer.status).toBe(401);
      expect(answer.headers['content-type']).toContain('application/problem+json');
      expect(answer.headers['www-authenticate']).toBe('Bearer error="invalid_token"');
    }
    const told = async () => anonymous(await world.events(world.app, 'auth.gateway-refused'));
    await eventually('it is told', async () => (await told()).length === 1);
    expect(anonymous(before).length).toBeLessThanOrEqual(1);
    expect(await told()).toMatchObject([{ outcome: 'denied', actor: { type: 'anonymous' } }]);
    expect(JSON.stringify(await told())).not.toContain('very-secret');
  });

  it('decides nothing by what a client can write', async () => {
    const { id, tokens } = await world.aUser();
    const token = tokens['accessToken'];
    const claims = {
      ...{ 'x-auth-subject': claimsOf(world.admin)['sub'] as string, 'x-auth-role': 'admin' },
      ...{ 'x-auth-permissions': '*', 'x-auth-session': 'any', x_auth_role: 'admin' },
      ...{
        'x-original-uri': '/v1/auth/register',
        'x-original-method': 'POST',
        'x-forwarded-uri': '/health/live',
      },
    };
    expect(await verify('', { headers: claims })).toMatchObject({ status: 401 });
    expect(await verify('?role=admin', { token, headers: claims })).toMatchObject({ status: 403 });
    const { status, told } = await verify('', { token, headers: claims });
    expect({ status, told }).toMatchObject({
      status: 200,
      told: [id, 'user', expect.any(String), expect.any(String)],
    });
    for (const path of ['/v1/auth/users', '/v1/auth/me', '/v1/auth/signing-keys'])
      expect((await world.api.call('GET', path, { headers: claims })).status).toBe(401);
  });

  it('refuses what was revoked', async () => {
    const { id, tokens } = await world.aUser();
    const token = tokens['accessToken'];
    const made = await world.aKey(token, ['providers:read']);
    const headers = { 'x-api-key': made.key };
    expect((await verify('', { token })).status).toBe(200);
    expect((await verify('', { headers })).status).toBe(200);
    await world.as('PATCH', `/${id}`, { status: 'disabled' });
    expect((await verify('', { token })).status).toBe(401);
    await eventually('the key is refused', async () => (await verify('', { headers })).status === 401);
  });
});
