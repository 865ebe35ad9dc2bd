import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { eventually } from '../../../../test/support/eventually.js';
import { AuthApi, AuthWorld, claimsOf, SERVICE_SECRET } from './auth-world.js';

const CLIENT = 'provider-health-service';
const basic = (id: string, secret: string) => `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
const AUTHENTIC = basic(CLIENT, SERVICE_SECRET);
const GRANT = { grant_type: 'client_credentials' };

describe('the token endpoint', () => {
  const world = new AuthWorld();
  let app: NestFastifyApplication;
  let api: AuthApi;

  const ask = (
    form: Record<string, string> | string,
    authorization?: string,
    type = 'application/x-www-form-urlencoded',
  ) =>
    api.call('POST', '/v1/auth/token', {
      body: typeof form === 'string' ? form : new URLSearchParams(form).toString(),
      headers: { 'content-type': type, ...(authorization === undefined ? {} : { authorization }) },
    });

  beforeAll(async () => {
    app = await world.start();
    api = new AuthApi(app);
    const granted = async () => (await ask(GRANT, basic(CLIENT, SERVICE_SECRET))).status === 200;
    await eventually('the service accounts are made', granted);
  });

  afterAll(() => world.stop(), 30_000);

  it('gives a service its own token, by Basic and by the body', async () => {
    for (const answer of [
      await ask(GRANT, basic(CLIENT, SERVICE_SECRET)),
      await ask({ ...GRANT, client_id: CLIENT, client_secret: SERVICE_SECRET }),
    ]) {
      expect(answer.status).toBe(200);
      expect(answer.headers).toMatchObject({ 'cache-control': 'no-store', pragma: 'no-cache' });
      expect(answer.body).toEqual({
        access_token: expect.any(String) as string,
        token_type: 'Bearer',
        expires_in: 900,
        scope: 'audit:write',
      });
      const claims = claimsOf(answer.body['access_token']);
      expect(claims).toMatchObject({
        sub: CLIENT,
        client_id: CLIENT,
        permissions: ['audit:write'],
        type: 'access',
      });
      expect(claims).not.toHaveProperty('role');
      expect(claims).not.toHaveProperty('sid');
    }
  });

  it.each([
    ['a wrong secret', GRANT, basic(CLIENT, 'wrong'), 401, 'invalid_client'],
    ['an unknown client', GRANT, basic('nobody', SERVICE_SECRET), 401, 'invalid_client'],
    ['an empty secret', GRANT, basic('nobody', ''), 401, 'invalid_client'],
    ['no client', GRANT, undefined, 401, 'invalid_client'],
    ['a Bearer token', GRANT, 'Bearer x', 401, 'invalid_client'],
    ['a client with a NUL', GRANT, basic('%00', SERVICE_SECRET), 401, 'invalid_client'],
    ['a client that is longer than any', GRANT, basic('x'.repeat(10_000), 'x'), 401, 'invalid_client'],
    ['a client without a secret', { ...GRANT, client_id: CLIENT }, undefined, 401, 'invalid_client'],
    [
      'a client by assertion',
      { ...GRANT, client_id: CLIENT, client_assertion: 'x', client_assertion_type: 'x' },
      undefined,
      401,
      'invalid_client',
    ],
    ['what is not form-encoded', GRANT, basic(CLIENT, '%'), 401, 'invalid_client'],
    ['a scope beyond', { ...GRANT, scope: 'audit:write audit:read' }, AUTHENTIC, 400, 'invalid_scope'],
    ['a scope of everything', { ...GRANT, scope: '*' }, AUTHENTIC, 400, 'invalid_scope'],
    ['a scope of two spaces', { ...GRANT, scope: 'audit:write  x' }, AUTHENTIC, 400, 'invalid_scope'],
    ['a scope with a quote', { ...GRANT, scope: '"' }, AUTHENTIC, 400, 'invalid_scope'],
    ['another parameter twice', 'grant_type=client_credentials&x=1&x=2', AUTHENTIC, 400, 'invalid_request'],
    ['no grant', {}, basic(CLIENT, SERVICE_SECRET), 400, 'invalid_request'],
    [
      'the password grant',
      { grant_type: 'password' },
      basic(CLIENT, SERVICE_SECRET),
      400,
      'unsupported_grant_type',
    ],
    [
      'the refresh grant',
      { grant_type: 'refresh_token' },
      basic(CLIENT, SERVICE_SECRET),
      400,
      'unsupported_grant_type',
    ],
    [
      'a parameter twice',
      'grant_type=client_credentials&grant_type=client_credentials',
      basic(CLIENT, SERVICE_SECRET),
      400,
      'invalid_request',
    ],
    [
      'two authentications',
      { grant_type: 'client_credentials', client_secret: SERVICE_SECRET },
      basic(CLIENT, SERVICE_SECRET),
      400,
      'invalid_request',
    ],
    [
      'two clients',
      { grant_type: 'client_credentials', client_id: 'other' },
      basic(CLIENT, SERVICE_SECRET),
      400,
      'invalid_request',
    ],
  ])('refuses %s as RFC 6749 says', async (_case, form, authorization, status, error) => {
    const answer = await ask(form, authorization);
    expect([answer.status, answer.body['error']]).toEqual([status, error]);
    expect(answer.headers['cache-control']).toBe('no-store');
    if (status === 401) expect(answer.headers['www-authenticate']).toMatch(/^Basic /);
  });

  it('reads forms only', async () => {
    const answer = await ask(
      '{"grant_type":"client_credentials"}',
      basic(CLIENT, SERVICE_SECRET),
      'application/json',
    );
    expect([answer.status, answer.body['error']]).toEqual([415, 'invalid_request']);
  });

  it('takes no body beyond all measure', async () => {
    const answer = await ask(`grant_type=client_credentials&x=${'x'.repeat(2 ** 20)}`);
    expect([answer.status, answer.body['type']]).toEqual([413, 'payload-too-large']);
  });
});
