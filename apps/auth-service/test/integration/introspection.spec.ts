import { eventually } from '../../../../test/support/eventually.js';
import { type Answer, claimsOf, ISSUER } from './auth-world.js';
import { type Service, ServiceWorld } from './service-world.js';

const INACTIVE = { active: false };

describe('introspection', () => {
  const world = new ServiceWorld();
  let client: Service;

  beforeAll(async () => {
    await world.startWithAdmin();
    client = await world.aService('auth:introspect');
  }, 30_000);
  afterAll(() => world.stop(), 30_000);

  const introspect = async (token: string | undefined, api = world.api): Promise<Answer['body']> => {
    const answer = await world.form('introspect', { token: token ?? '' }, client, api);
    expect([answer.status, answer.headers['cache-control']]).toEqual([200, 'no-store']);
    return answer.body;
  };
  /** Every replica comes to tell so. */
  const expectInactive = async (token: string | undefined) => {
    for (const api of [world.api, world.other])
      await eventually('it is not active', async () => !(await introspect(token, api))['active']);
    expect(await introspect(token)).toEqual(INACTIVE);
  };

  it('tells of an access token of a user whom it is for and what it may do', async () => {
    const { id, email, tokens } = await world.aUser();
    const { jti, iat, exp } = claimsOf(tokens['accessToken']);
    expect(await introspect(tokens['accessToken'])).toEqual({
      ...{ active: true, token_use: 'access_token', token_type: 'Bearer', client_id: 'gatehouse' },
      ...{ sub: id, username: email, role: 'user', sid: tokens['sessionId'] },
      ...{ permissions: ['providers:read', 'providers:report'], scope: 'providers:read providers:report' },
      ...{ iss: ISSUER, aud: 'gatehouse', jti, iat, exp },
    });
  });

  it('tells of an access token of a service, as far as it was narrowed', async () => {
    const service = await world.aService('providers:*', 'audit:write');
    const token = await world.tokenOf(service, 'providers:read');
    const { jti, iat, exp } = claimsOf(token);
    expect(await introspect(token)).toEqual({
      ...{ active: true, token_use: 'access_token', token_type: 'Bearer' },
      ...{ client_id: service.id, sub: service.id, permissions: ['providers:read'] },
      ...{ scope: 'providers:read', iss: ISSUER, aud: 'gatehouse', jti, iat, exp },
    });
  });

  it('tells of a refresh token nothing that would let it in', async () => {
    const { id, email, tokens } = await world.aUser();
    const { jti, iat, exp } = claimsOf(tokens['refreshToken']);
    expect(await introspect(tokens['refreshToken'])).toEqual({
      ...{ active: true, token_use: 'refresh_token', client_id: 'gatehouse', sub: id, username: email },
      ...{ sid: tokens['sessionId'], iss: ISSUER, aud: ISSUER, jti, iat, exp },
    });
  });

  it('takes a refresh token for active as long as it would be changed for a new one', async () => {
    const { tokens } = await world.aUser();
    const renewed = (await world.api.refresh(tokens['refreshToken'])).body;
    expect(await introspect(tokens['refreshToken'])).toEqual(INACTIVE);
    // Asking changes nothing.
    for (let n = 0; n < 2; n++)
      expect(await introspect(renewed['refreshToken'])).toMatchObject({ active: true });
    expect((await world.api.refresh(renewed['refreshToken'])).status).toBe(200);
  });

  it('takes no hint for more than it is', async () => {
    const { tokens } = await world.aUser();
    for (const hint of ['access_token', 'refresh_token', 'saml2', 'x'.repeat(1_000)]) {
      const form = { token: tokens['refreshToken'] ?? '', token_type_hint: hint };
      expect((await world.form('introspect', form, client)).body).toMatchObject({ active: true });
    }
  });

  it.each([
    ['nothing of ours', 'x'],
    ['an empty JWT', '..'],
    ['an unsigned token', 'eyJhbGciOiJub25lIn0.e30.'],
    ['NUL', '\0'],
    ['a long text', 'x'.repeat(100_000)],
  ])('tells of %s nothing but that', async (_case, token) => {
    expect(await introspect(token)).toEqual(INACTIVE);
  });

  it('tells of a token that was changed nothing but that', async () => {
    const { tokens } = await world.aUser();
    for (const kind of ['accessToken', 'refreshToken'] as const) {
      const token = tokens[kind] ?? '';
      const [header, , signature] = token.split('.');
      const claims = Buffer.from(JSON.stringify({ ...claimsOf(token), role: 'admin' })).toString('base64url');
      for (const changed of [`${header}.${claims}.${signature}`, `${token} `, `${token}=`, ` ${token}`])
        expect(await introspect(changed)).toEqual(INACTIVE);
    }
  });

  it.each([
    ['its session ends', (id: string) => world.as('POST', `/${id}/sessions/revoke`)],
    ['its user is disabled', (id: string) => world.as('PATCH', `/${id}`, { status: 'disabled' })],
    ['its user is deleted', (id: string) => world.as('DELETE', `/${id}`)],
  ])('tells nothing more of a user token when %s', async (_case, end) => {
    const { id, tokens } = await world.aUser();
    await end(id);
    await expectInactive(tokens['accessToken']);
    await expectInactive(tokens['refreshToken']);
  });

  it('believes PostgreSQL of the end of a session, when Redis has not been told', async () => {
    const { id, tokens } = await world.aUser();
    await world.query(`UPDATE account SET epoch = epoch + 1 WHERE id = $1`, [id]);
    expect(await introspect(tokens['refreshToken'])).toEqual(INACTIVE);
  });

  it('believes PostgreSQL of the end of an account, when nobody has been told', async () => {
    const { id, tokens } = await world.aUser();
    await world.query(`UPDATE account SET status = 'disabled' WHERE id = $1`, [id]);
    for (const kind of ['accessToken', 'refreshToken'])
      expect(await introspect(tokens[kind])).toEqual(INACTIVE);
  });

  it('tells nothing more of a service token when its account is deleted', async () => {
    const service = await world.aService('audit:write');
    const token = await world.tokenOf(service);
    await world.manage('DELETE', `/${service.id}`);
    await expectInactive(token);
  });

  describe('refuses', () => {
    it('a client without the permission', async () => {
      const { tokens } = await world.aUser();
      const other = await world.aService('audit:write', 'auth:read');
      for (const token of [tokens['accessToken'] ?? '', await world.tokenOf(other), 'x']) {
        const { status, body } = await world.form('introspect', { token }, other);
        expect([status, body['error'], body['active']]).toEqual([403, 'unauthorized_client', undefined]);
      }
    });

    it('a wrong secret, a user and nobody', async () => {
      const { tokens } = await world.aUser();
      const ask = (headers: Record<string, string>) =>
        world.api.call('POST', '/v1/auth/introspect', {
          body: `token=${tokens['accessToken']}`,
          headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
        });
      const wrong = await world.form('introspect', { token: 'x' }, { ...client, secret: 'x' });
      const answers = [
        wrong,
        await ask({}),
        await ask({ authorization: `Bearer ${world.admin}` }),
        await ask({ authorization: `Bearer ${await world.tokenOf(client)}` }),
      ];
      for (const { status, body, headers } of answers) {
        expect([status, body['error']]).toEqual([401, 'invalid_client']);
        expect(headers['www-authenticate']).toMatch(/^Basic /);
      }
    });

    it('no token, two tokens, JSON and a body beyond all measure', async () => {
      const send = (body: string, type = 'application/x-www-form-urlencoded') =>
        world.api.call('POST', '/v1/auth/introspect', {
          body: `${body}&client_id=${client.id}&client_secret=${client.secret}`,
          headers: { 'content-type': type },
        });
      expect([(await send('x=1')).status, (await send('token=')).status]).toEqual([400, 400]);
      expect((await send('token=a&token=b')).body['error']).toBe('invalid_request');
      expect((await send('token=a')).body).toEqual(INACTIVE);
      expect((await send(`token=${'x'.repeat(2 ** 20)}`)).status).toBe(413);
      const json = await world.api.call('POST', '/v1/auth/introspect', { body: { token: 'x' } });
      expect([json.status, json.body['error']]).toEqual([415, 'invalid_request']);
    });
  });
});
