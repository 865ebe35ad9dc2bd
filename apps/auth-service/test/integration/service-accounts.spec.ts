import type { ServiceAccountAnswer } from '@gatehouse/auth-contracts';
import { eventually } from '../../../../test/support/eventually.js';
import { ServiceAccountAuthenticator } from '../../src/service-accounts/service-account.authenticator.js';
import { AccessTokenSigner } from '../../src/tokens/access-token.signer.js';
import { claimsOf, SERVICE_SECRET } from './auth-world.js';
import { type Service, ServiceWorld } from './service-world.js';

const NOBODY = '0199f1b2-0000-7000-8000-000000000000';
const SUITE = 'provider-health-service';
const OTHER_KEY = 'another-secret-of-the-tests-that-is-long-enough';

describe('service accounts', () => {
  const world = new ServiceWorld();

  beforeAll(() => world.startWithAdmin(), 30_000);
  afterAll(() => world.stop(), 30_000);

  /** What was told of an account, its refusals left out. */
  const told = async (id: string) =>
    (await world.told(id)).filter(({ action }) => action !== 'auth.client-refused');
  const actions = async (id: string) => (await told(id)).map(({ action }) => action);
  /** Whether a replica takes a token that may read users. */
  const reads = async (token: string, api = world.api) =>
    (await api.call('GET', '/v1/auth/users?limit=1', { token })).status;
  const expectEnded = async (token: string) => {
    for (const api of [world.api, world.other])
      await eventually('it is refused', async () => (await reads(token, api)) === 401);
  };

  it('are made with a secret that only the answer has, and what they may do', async () => {
    const name = world.aName();
    const permissions = ['users:read', 'providers:*', 'users:read'];
    const { status, body, headers } = await world.manage('POST', '', { name: ` ${name} `, permissions });
    expect([status, headers['cache-control']]).toEqual([201, 'no-store']);
    expect(body).toEqual({
      ...{ id: expect.any(String) as string, clientId: body['id'], name, builtIn: false },
      permissions: ['users:read', 'providers:*'],
      createdAt: expect.stringMatching(/Z$/) as string,
      secrets: [
        {
          id: expect.any(String) as string,
          createdAt: expect.stringMatching(/Z$/) as string,
          lastUsedAt: null,
        },
      ],
      clientSecret: expect.stringMatching(/^gsa_[\w-]{43}$/) as string,
    });
    const { clientSecret = '', ...shown } = body;
    expect(await world.shown(body['id'] ?? '')).toEqual(shown);
    const kept = await world.query(`SELECT encode(hash, 'escape') AS hash FROM service_secret`);
    expect(JSON.stringify([kept, await world.told(body['id'] ?? '')])).not.toContain(clientSecret.slice(4));
    expect(await actions(body['id'] ?? '')).toEqual(['auth.service-account-created']);
  });

  it('get tokens of their own, as far as they ask', async () => {
    const service = await world.aService('users:read', 'providers:*');
    const token = await world.tokenOf(service);
    expect(claimsOf(token)).toMatchObject({
      ...{ sub: service.id, client_id: service.id, epoch: 0, permissions: ['users:read', 'providers:*'] },
    });
    expect(await reads(token)).toBe(200);
    const narrow = await world.tokenOf(service, 'providers:read');
    expect(claimsOf(narrow)['permissions']).toEqual(['providers:read']);
    expect(await reads(narrow)).toBe(403);
    for (const scope of ['users:write', 'users:*', '*', 'users:read users:write']) {
      const { status, body } = await world.form(
        'token',
        { grant_type: 'client_credentials', scope },
        service,
      );
      expect([status, body['error']]).toEqual([400, 'invalid_scope']);
    }
  });

  it('show when a secret was used', async () => {
    const service = await world.aService();
    await world.tokenOf(service);
    const [secret] = (await world.shown(service.id)).secrets;
    expect(secret?.lastUsedAt).toMatch(/Z$/);
    await world.tokenOf(service);
    // Within a minute it is not written again.
    expect((await world.shown(service.id)).secrets).toEqual([secret]);
  });

  it('know no other secret than their own', async () => {
    const [one, two] = [await world.aService(), await world.aService()];
    for (const [id, secret] of [
      [one.id, two.secret],
      [one.id, one.secret.slice(0, -1)],
      [one.id, `${one.secret} `],
      [one.id.toUpperCase(), one.secret],
      [SUITE, one.secret],
      [NOBODY, one.secret],
    ] as const)
      expect([id, await world.asks({ id, secret })]).toEqual([id, 401]);
    expect(await world.asks(one)).toBe(200);
  });

  it('leave one event a minute in the trail of a secret that is tried', async () => {
    const service = await world.aService();
    for (let n = 0; n < 5; n++) expect(await world.asks({ ...service, secret: `guess ${n}` })).toBe(401);
    expect((await world.told(service.id)).slice(1)).toMatchObject([
      {
        ...{ action: 'auth.client-refused', outcome: 'denied', reason: 'wrong-secret' },
        actor: { type: 'anonymous' },
        target: { type: 'service-account', id: service.id },
        context: { ip: '127.0.0.1' },
      },
    ]);
    for (let n = 0; n < 5; n++) expect(await world.asks({ id: `nobody-${n}`, secret: 'x' })).toBe(401);
    const events = await world.events(world.app, 'unknown-client');
    expect(events).toMatchObject([{ action: 'auth.client-refused', reason: 'unknown-client' }]);
    expect(JSON.stringify(events)).not.toContain('nobody');
  });

  describe('are listed', () => {
    it('page by page, each once, the suite own ones too, without the values of their secrets', async () => {
      const made = [await world.aService(), await world.aService(), await world.aService()];
      const listed: ServiceAccountAnswer[] = [];
      let cursor = '';
      do {
        const { status, body } = await world.manage('GET', `?limit=2${cursor}`);
        expect(status).toBe(200);
        const page = body as unknown as { items: ServiceAccountAnswer[]; nextCursor: string | null };
        expect(page.items.length).toBeLessThanOrEqual(2);
        listed.push(...page.items);
        cursor = page.nextCursor === null ? '' : `&cursor=${page.nextCursor}`;
      } while (cursor !== '');
      const ids = listed.map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      expect(ids.filter((id) => made.some((one) => one.id === id))).toEqual(made.map(({ id }) => id));
      expect(listed.at(-1)).toMatchObject({
        ...{ id: SUITE, clientId: SUITE, name: SUITE, builtIn: true, permissions: ['audit:write'] },
        secrets: [{ lastUsedAt: null }],
      });
      expect(JSON.stringify(listed)).not.toMatch(/hash|gsa_/i);
    });

    it.each([['cursor=x'], ['cursor=c2VydmljZS1hY2NvdW50OkE'], ['limit=0'], ['limit=201'], ['name=x']])(
      'but not for %s',
      async (query) => {
        expect((await world.manage('GET', `?${query}`)).body['type']).toBe('validation-failed');
      },
    );
  });

  describe('have names', () => {
    it('that are unique, whoever asks at once and however it is written', async () => {
      const name = world.aName();
      const answers = await Promise.all(
        [name, name, name.toUpperCase(), name].map((one) =>
          world.manage('POST', '', { name: one, permissions: [] }),
        ),
      );
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
      expect(answers.find(({ status }) => status === 409)?.body['type']).toBe('service-account-name-taken');
    });

    it.each([['audit-service'], ['Provider-Health-Service'], ['auth-service']])(
      'of which %s is kept for the suite',
      async (name) => {
        const { status, body } = await world.manage('POST', '', { name, permissions: [] });
        expect([status, body['type']]).toEqual([409, 'service-account-name-taken']);
      },
    );
  });

  it.each([
    [{}],
    [{ name: 'x' }],
    [{ name: ' ', permissions: [] }],
    [{ name: 'a\u0000b', permissions: [] }],
    [{ name: 'x', permissions: ['users'] }],
    [{ name: 'x', permissions: ['*:read'] }],
    [{ name: 'x', permissions: ['users:read users:write'] }],
    [{ name: 'x', permissions: '*' }],
    [{ name: 'x', permissions: [], builtIn: true }],
    [{ name: 'x', permissions: [], clientSecret: 'mine' }],
  ])('are not made of %j', async (body) => {
    expect((await world.manage('POST', '', body)).body['type']).toBe('validation-failed');
  });

  describe('change their secret', () => {
    it('without an outage, and a third replaces the oldest', async () => {
      const service = await world.aService();
      const secrets = [service.secret];
      const live = () =>
        Promise.all(secrets.map(async (secret) => (await world.asks({ ...service, secret })) === 200));
      const second = await world.addSecret(service.id);
      secrets.push(second.clientSecret);
      expect(second.secrets.map(({ id }) => id)[0]).toBe(service.secretId);
      expect(await live()).toEqual([true, true]);
      const third = await world.addSecret(service.id);
      secrets.push(third.clientSecret);
      expect(third.secrets.map(({ id }) => id)).toEqual([second.secrets[1]?.id, expect.any(String)]);
      expect(await live()).toEqual([false, true, true]);
      expect((await told(service.id)).slice(1)).toMatchObject([
        { action: 'auth.service-secret-added', details: { endedSecretIds: [] } },
        { action: 'auth.service-secret-added', details: { endedSecretIds: [service.secretId] } },
      ]);
    });

    it('to exactly two, however many are asked for at once', async () => {
      const service = await world.aService();
      const answers = await Promise.all(
        [world.api, world.other, world.api, world.other].map((api) =>
          api.call('POST', `/v1/auth/service-accounts/${service.id}/secret`, { token: world.admin }),
        ),
      );
      expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
      const { secrets } = await world.shown(service.id);
      expect(secrets).toHaveLength(2);
      const values = [service.secret, ...answers.map(({ body }) => body['clientSecret'] ?? '')];
      const taken: boolean[] = [];
      for (const secret of values) taken.push((await world.asks({ ...service, secret })) === 200);
      expect(taken.filter(Boolean)).toHaveLength(2);
      expect(taken[0]).toBe(false);
    });

    it('of two that are asked for at once, both are taken', async () => {
      const service = await world.aService();
      const answers = await Promise.all([1, 2].map(() => world.addSecret(service.id)));
      for (const { clientSecret } of answers)
        expect(await world.asks({ ...service, secret: clientSecret })).toBe(200);
      expect(await world.asks(service)).toBe(401);
    });

    it('and end the old one, its tokens going on', async () => {
      const service = await world.aService('users:read');
      const token = await world.tokenOf(service);
      const { clientSecret: secret } = await world.addSecret(service.id);
      const path = `/${service.id}/secret/${service.secretId}`;
      expect((await world.manage('DELETE', path)).status).toBe(204);
      expect((await world.manage('DELETE', path)).status).toBe(404);
      expect(await world.asks(service)).toBe(401);
      expect(await world.asks({ ...service, secret })).toBe(200);
      expect(await reads(token)).toBe(200);
      expect(await actions(service.id)).toEqual([
        ...['auth.service-account-created', 'auth.service-secret-added', 'auth.service-secret-ended'],
      ]);
    });

    it('and end what somebody else may have got by it', async () => {
      const service = await world.aService('users:read');
      const stolen = await world.tokenOf(service);
      const { clientSecret: secret } = await world.addSecret(service.id);
      const path = `/${service.id}/secret/${service.secretId}?endTokens=true`;
      expect((await world.manage('DELETE', path)).status).toBe(204);
      await expectEnded(stolen);
      expect(await reads(await world.tokenOf({ ...service, secret }))).toBe(200);
    });

    it('but end none of another account', async () => {
      const [one, two] = [await world.aService(), await world.aService()];
      expect((await world.manage('DELETE', `/${one.id}/secret/${two.secretId}`)).status).toBe(404);
      expect(await world.asks(two)).toBe(200);
    });

    it('and go on when the key that hashed it is given up after its use', async () => {
      const service = await world.aService();
      const authenticate = async (key: string) => {
        // The suite's own accounts stay as they are.
        const none = { SERVICE_PROVIDER_HEALTH_SERVICE_SECRET: undefined };
        const app = await world.start({ ENCRYPTION_KEY: key, ...none });
        return app
          .get(ServiceAccountAuthenticator, { strict: false })
          .authenticate(service.id, service.secret);
      };
      expect(await authenticate(OTHER_KEY)).toBe('wrong-secret');
      expect(await authenticate(`${OTHER_KEY},${SERVICE_SECRET}`)).toMatchObject({ id: service.id });
      expect(await authenticate(OTHER_KEY)).toMatchObject({ id: service.id });
    }, 60_000);
  });

  describe('are deleted', () => {
    it('with their tokens, on every replica', async () => {
      const service = await world.aService('users:read');
      const token = await world.tokenOf(service);
      expect([await reads(token), await reads(token, world.other)]).toEqual([200, 200]);
      expect((await world.manage('DELETE', `/${service.id}`)).status).toBe(204);
      expect(await reads(token)).toBe(401);
      await expectEnded(token);
      expect(await world.asks(service)).toBe(401);
      expect((await world.manage('DELETE', `/${service.id}`)).status).toBe(404);
      expect((await world.manage('GET', `/${service.id}`)).status).toBe(404);
      expect(await actions(service.id)).toEqual([
        ...['auth.service-account-created', 'auth.service-account-deleted'],
      ]);
    });

    it('so that a token whose client was authenticated before is worth nothing', async () => {
      const service = await world.aService('users:read');
      const authenticator = world.app.get(ServiceAccountAuthenticator, { strict: false });
      const signer = world.app.get(AccessTokenSigner, { strict: false });
      const authenticated = await authenticator.authenticate(service.id, service.secret);
      if (typeof authenticated === 'string') throw new Error('It was not authenticated');
      expect((await world.manage('DELETE', `/${service.id}`)).status).toBe(204);
      const late = await signer.signForService(authenticated);
      expect(claimsOf(late)['iat']).toBe(Math.floor(authenticated.decidedAt / 1000));
      await expectEnded(late);
    });

    it('so that no token is left of those that are asked for meanwhile', async () => {
      for (let round = 0; round < 5; round++) {
        const service = await world.aService('users:read');
        const asked = Promise.all(
          [world.api, world.other, world.api, world.other].map((api) =>
            world.form('token', { grant_type: 'client_credentials' }, service, api),
          ),
        );
        await world.manage('DELETE', `/${service.id}`);
        for (const { body } of await asked)
          if (body['access_token'] !== undefined) await expectEnded(body['access_token']);
      }
    }, 30_000);
  });

  describe('of the suite', () => {
    const suite: Service = { id: SUITE, secret: SERVICE_SECRET, secretId: NOBODY };

    it.each([
      ['DELETE', ''],
      ['POST', '/secret'],
      ['DELETE', `/secret/${NOBODY}`],
    ] as const)('are not for %s %s', async (method, path) => {
      const { status, body } = await world.manage(method, `/${SUITE}${path}`);
      expect([status, body['type']]).toEqual([409, 'built-in-service-account']);
      expect(await world.asks(suite)).toBe(200);
    });

    it('have the secret of the configuration and no other', async () => {
      await world.start({ SERVICE_PROVIDER_HEALTH_SERVICE_SECRET: OTHER_KEY });
      await eventually('the new one is taken', async () => {
        return (await world.asks({ ...suite, secret: OTHER_KEY })) === 200;
      });
      expect(await world.asks(suite)).toBe(401);
      await world.start();
      await eventually('the old one is taken', async () => (await world.asks(suite)) === 200);
      expect((await world.shown(SUITE)).secrets).toHaveLength(1);
    }, 30_000);
  });

  describe('are for who may', () => {
    const manages = ['service-accounts:manage', 'users:read'];
    const routes = [
      ['GET', ''],
      ['POST', ''],
      ['GET', `/${NOBODY}`],
      ['DELETE', `/${NOBODY}`],
      ['POST', `/${NOBODY}/secret`],
      ['DELETE', `/${NOBODY}/secret/${NOBODY}`],
    ] as const;
    const bodyOf = (method: string, path: string) =>
      method === 'POST' && path === '' ? { name: 'x', permissions: [] } : undefined;

    it.each(routes)('%s %s, with a token', async (method, path) => {
      const { tokens } = await world.aUser();
      const refused = await world.manage(method, path, bodyOf(method, path), tokens['accessToken']);
      expect([refused.status, refused.body['type']]).toEqual([403, 'insufficient-permission']);
      const url = `/v1/auth/service-accounts${path}`;
      expect((await world.api.call(method, url, { body: bodyOf(method, path) })).status).toBe(401);
    });

    it.each(routes.slice(2))('%s %s is not found', async (method, path) => {
      expect((await world.manage(method, path)).status).toBe(404);
    });

    it.each(routes.slice(2))('%s %s takes ids only', async (method, path) => {
      for (const id of ["'", '%00', '..%2Fme', 'A b', 'x'.repeat(65)]) {
        const answer = await world.manage(method, path.replace(NOBODY, id));
        expect([id, answer.status, answer.body['type']]).toEqual([id, 400, 'validation-failed']);
      }
    });

    it('be it a service, which grants no more than it has', async () => {
      const token = await world.tokenOf(await world.aService(...manages));
      const create = (...permissions: string[]) =>
        world.manage('POST', '', { name: world.aName(), permissions }, token);
      expect((await create('users:read')).status).toBe(201);
      for (const more of ['users:write', 'users:*', '*'])
        expect((await create('users:read', more)).body['type']).toBe('insufficient-permission');
    });

    it('and nobody gets hold of an account that may do more', async () => {
      const token = await world.tokenOf(await world.aService(...manages));
      const above = await world.aService('users:write');
      for (const [method, path] of [
        ['DELETE', ''],
        ['POST', '/secret'],
        ['DELETE', `/secret/${above.secretId}`],
      ] as const) {
        const { status, body } = await world.manage(method, `/${above.id}${path}`, undefined, token);
        expect([status, body['type']]).toEqual([403, 'insufficient-permission']);
      }
      expect(await world.asks(above)).toBe(200);
    });

    it('and not with a token that was narrowed', async () => {
      const service = await world.aService(...manages);
      const narrowed = await world.tokenOf(service, 'users:read');
      expect((await world.manage('GET', '', undefined, narrowed)).status).toBe(403);
    });
  });
});
