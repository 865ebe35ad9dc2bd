import { eventually } from '../../../../test/support/eventually.js';
import { claimsOf } from './auth-world.js';
import { type Service, ServiceWorld } from './service-world.js';

describe('revocation of tokens', () => {
  const world = new ServiceWorld();
  /** May end what belongs to the platform. */
  let client: Service;

  beforeAll(async () => {
    await world.startWithAdmin();
    client = await world.aService('auth:introspect');
  }, 30_000);
  afterAll(() => world.stop(), 30_000);

  const revoke = (token: string | undefined, by: Service, more: Record<string, string> = {}) =>
    world.form('revoke', { token: token ?? '', ...more }, by);
  const isRefused = async (token: string | undefined, path = '/v1/auth/users?limit=1') => {
    for (const api of [world.api, world.other])
      await eventually('it is refused', async () => {
        return (await api.call('GET', path, { token })).status === 401;
      });
  };
  const aReader = () => world.aService('users:read');
  const reads = async (token: string) =>
    (await world.api.call('GET', '/v1/auth/users?limit=1', { token })).status === 200;

  it('ends the own token of a client, and that one only', async () => {
    const service = await aReader();
    const [token, another] = [await world.tokenOf(service), await world.tokenOf(service)];
    const { status, body, headers } = await revoke(token, service);
    expect([status, body, headers['cache-control']]).toEqual([200, {}, 'no-store']);
    await isRefused(token);
    expect(await reads(another)).toBe(true);
    expect(await world.events(world.app, String(claimsOf(token)['jti']))).toMatchObject([
      {
        action: 'auth.token-revoked',
        actor: { type: 'service', id: service.id },
        target: { type: 'token', id: claimsOf(token)['jti'] },
        details: { subject: service.id },
      },
    ]);
  });

  it('is not taken back by asking again, nor told again', async () => {
    const service = await aReader();
    const token = await world.tokenOf(service);
    for (let n = 0; n < 3; n++) expect((await revoke(token, service)).status).toBe(200);
    await isRefused(token);
    expect(await world.events(world.app, String(claimsOf(token)['jti']))).toHaveLength(1);
  });

  it('ends an access token of a user, whose session goes on', async () => {
    const { tokens } = await world.aUser();
    expect((await revoke(tokens['accessToken'], client)).status).toBe(200);
    await isRefused(tokens['accessToken'], '/v1/auth/me');
    const renewed = await world.api.refresh(tokens['refreshToken']);
    expect(renewed.status).toBe(200);
    await world.expectAlive(renewed.body);
  });

  it.each([
    ['the refresh token that is current', false],
    ['one that was used', true],
  ])('ends the session of %s', async (_case, used) => {
    const { tokens } = await world.aUser();
    const latest = used ? (await world.api.refresh(tokens['refreshToken'])).body : tokens;
    for (let n = 0; n < 2; n++) {
      const { status, body } = await revoke(tokens['refreshToken'], client);
      expect([status, body]).toEqual([200, {}]);
    }
    await world.expectRefused(latest);
    await isRefused(tokens['accessToken'], '/v1/auth/me');
    const events = await world.events(world.app, String(tokens['sessionId']));
    expect(events.filter(({ action }) => action === 'auth.session-ended')).toMatchObject([
      {
        reason: 'refresh-token-revoked',
        actor: { type: 'service', id: client.id },
        target: { type: 'session', id: tokens['sessionId'] },
      },
    ]);
  });

  it('ends a session that Redis has lost: others may still take its access tokens', async () => {
    const { tokens } = await world.aUser();
    const keys = await world.redis.keys(`${world.namespace}:session:*:${tokens['sessionId']}`);
    expect(await world.redis.del(...keys)).toBe(1);
    expect((await revoke(tokens['refreshToken'], client)).status).toBe(200);
    const rows = await world.query(`SELECT 1 FROM revocation WHERE subject = $1`, [tokens['sessionId']]);
    expect(rows).toHaveLength(1);
  });

  it('leaves nothing alive of a refresh at the same time', async () => {
    for (let round = 0; round < 5; round++) {
      const { tokens } = await world.aUser();
      const [refreshed] = await Promise.all([
        world.other.refresh(tokens['refreshToken']),
        revoke(tokens['refreshToken'], client),
      ]);
      if (refreshed.status === 200) await world.expectRefused(refreshed.body);
      await world.expectRefused(tokens);
    }
  }, 30_000);

  it.each([['x'], ['..'], ['x'.repeat(100_000)]])('has nothing to do for what is no token', async (token) => {
    const { status, body } = await revoke(token, client, { token_type_hint: 'saml2' });
    expect([status, body]).toEqual([200, {}]);
  });

  describe('refuses', () => {
    const refused = async (token: string | undefined, by: Service) => {
      const { status, body } = await revoke(token, by);
      expect([status, body['error']]).toEqual([403, 'unauthorized_client']);
    };

    it('the token of another client, whatever the one that asks may do', async () => {
      const token = await world.tokenOf(await aReader());
      await refused(token, client);
      await refused(token, await world.aService('*'));
      expect(await reads(token)).toBe(true);
    });

    it('tokens of users to a client that may not introspect', async () => {
      const { tokens } = await world.aUser();
      const service = await aReader();
      await refused(tokens['accessToken'], service);
      await refused(tokens['refreshToken'], service);
      await world.expectAlive(tokens);
      expect((await world.api.refresh(tokens['refreshToken'])).status).toBe(200);
    });

    it('a wrong secret, nobody, no token and JSON', async () => {
      const service = await aReader();
      const token = await world.tokenOf(service);
      const wrong = await revoke(token, { ...service, secret: client.secret });
      expect([wrong.status, wrong.body['error']]).toEqual([401, 'invalid_client']);
      const url = '/v1/auth/revoke';
      const type = { 'content-type': 'application/x-www-form-urlencoded' };
      expect((await world.api.call('POST', url, { body: `token=${token}`, headers: type })).status).toBe(401);
      expect((await revoke('', service)).body['error']).toBe('invalid_request');
      expect((await world.api.call('POST', url, { body: { token } })).status).toBe(415);
      expect(await reads(token)).toBe(true);
    });
  });
});
