import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Controller, Get, type INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import {
  AccessControlModule,
  AccessExplorer,
  AdminOnly,
  CurrentAdmin,
  CurrentUser,
  OptionalAuth,
  Public,
  RequireAnyPermission,
  RequirePermission,
  Roles,
  VerificationKeys,
} from '@gatehouse/access-control';
import type { Principal } from '@gatehouse/auth-contracts';
import { ProblemFilter } from '@gatehouse/problem-details';
import { Module } from '@nestjs/common';
import {
  aKey,
  aServiceToken,
  aToken,
  AUDIENCE,
  ISSUER,
  jwksOf,
  type TokenChanges,
} from '../../../../test/support/access-tokens.js';

@Controller('bare')
class BareController {
  @Get()
  get(@CurrentUser() user: Principal) {
    return user;
  }
}

@Controller('projects')
@Roles('user')
class ProjectsController {
  @Get()
  @OptionalAuth()
  list(@CurrentUser({ optional: true }) user?: Principal) {
    return { id: user?.id ?? 'guest' };
  }

  @Get('create')
  @RequirePermission('projects:create')
  create() {
    return {};
  }

  @Get('report')
  @RequireAnyPermission('projects:create', 'providers:report')
  report() {
    return {};
  }

  @Get('remove')
  @AdminOnly()
  remove(@CurrentAdmin() admin: Principal) {
    return { id: admin.id };
  }

  @Get('by-itself')
  byItself(@CurrentAdmin() admin: Principal) {
    return { id: admin.id };
  }

  @Get('ping')
  @Public()
  ping() {
    return {};
  }
}

@Controller('services')
@RequirePermission('audit:write')
class ServicesController {
  @Get()
  get() {
    return {};
  }
}

@Module({ controllers: [BareController, ProjectsController, ServicesController] })
class FeaturesModule {}

async function start(
  options: Parameters<typeof AccessControlModule.forRoot>[0],
): Promise<NestFastifyApplication> {
  @Module({ imports: [AccessControlModule.forRoot(options), FeaturesModule] })
  class AppModule {}
  const app = await NestFactory.create<NestFastifyApplication>(AppModule, new FastifyAdapter(), {
    logger: false,
  });
  app.useGlobalFilters(new ProblemFilter());
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  return app;
}

const ask = async (
  app: NestFastifyApplication,
  url: string,
  token?: string,
  headers: Record<string, string> = {},
) => {
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const answer = await app.inject({ url, headers: { ...authorization, ...headers } });
  const body = answer.json<{ type?: string; id?: string }>();
  return {
    status: answer.statusCode,
    type: body.type,
    id: body.id,
    challenge: answer.headers['www-authenticate'],
  };
};

describe('access control over HTTP', () => {
  let app: NestFastifyApplication;
  let key: Awaited<ReturnType<typeof aKey>>;
  let rsa: Awaited<ReturnType<typeof aKey>>;
  let stranger: Awaited<ReturnType<typeof aKey>>;

  beforeAll(async () => {
    [key, rsa, stranger] = await Promise.all([aKey('k1'), aKey('k2', 'RS256'), aKey('k1')]);
    const keys = jwksOf(key, rsa);
    app = await start({ issuer: ISSUER, audience: AUDIENCE, keys: () => Promise.resolve(keys) });
  });

  afterAll(() => app.close());

  it('needs a token on a route that says nothing', async () => {
    expect(await ask(app, '/bare')).toMatchObject({
      status: 401,
      type: 'unauthenticated',
      challenge: 'Bearer',
    });
    expect(await ask(app, '/bare', await aToken(key))).toMatchObject({ status: 200, id: 'u1' });
  });

  it('gives the handler the principal of the token', async () => {
    const answer = await app.inject({
      url: '/bare',
      headers: { authorization: `Bearer ${await aToken(key)}` },
    });
    expect(answer.json()).toEqual({
      id: 'u1',
      type: 'user',
      role: 'user',
      builtInRole: 'user',
      permissions: ['providers:read', 'providers:report'],
      sessionId: 's1',
      clientId: 'gatehouse',
    });
  });

  it.each<[string, TokenChanges]>([
    ['expired', { expires: 1 }],
    ['of another issuer', { issuer: 'https://other.test' }],
    ['for another audience', { audience: 'other' }],
    ['a refresh token', { header: { typ: 'rt+jwt' } }],
    ['of type JWT', { header: { typ: 'JWT' } }],
    ['with claims of a refresh token', { claims: { type: 'refresh' } }],
    ['with an unknown kid', { header: { kid: 'k9' } }],
    ["with another key's kid", { header: { kid: 'k2' } }],
    ['with its own key', { header: { jwk: { kty: 'EC' } } }],
    ['with a critical extension', { header: { crit: ['exp'] } }],
    ['without a session', { claims: { sid: undefined } }],
    ['with both a role and permissions of its own', { claims: { permissions: ['*'] } }],
    [
      'of a service with the name of another',
      { claims: { permissions: ['*'], role: undefined, sid: undefined } },
    ],
  ])('refuses a token %s', async (_case, changes) => {
    // `crit` cannot even be signed without its parameter being known; the header is put in by hand.
    const { crit, ...header } = changes.header ?? {};
    let token = await aToken(key, { ...changes, header });
    if (crit !== undefined) {
      const [, payload, signature] = token.split('.');
      const forged = Buffer.from(JSON.stringify({ alg: 'ES256', kid: 'k1', typ: 'at+jwt', crit })).toString(
        'base64url',
      );
      token = `${forged}.${payload}.${signature}`;
    }
    expect(await ask(app, '/bare', token)).toEqual({
      status: 401,
      type: 'unauthenticated',
      id: undefined,
      challenge: 'Bearer error="invalid_token"',
    });
  });

  it('refuses a signature of a stranger, another payload, and no signature at all', async () => {
    const [header, , signature] = (await aToken(key)).split('.');
    const admin = (await aToken(key, { claims: { role: 'admin' } })).split('.')[1];
    const none = Buffer.from(JSON.stringify({ alg: 'none', kid: 'k1', typ: 'at+jwt' })).toString('base64url');
    for (const token of [
      await aToken(stranger),
      `${header}.${admin}.${signature}`,
      `${none}.${admin}.`,
      `${none}.${admin}.AAAA`,
    ]) {
      expect(await ask(app, '/bare', token)).toMatchObject({ status: 401 });
    }
  });

  it('pins the algorithm to the key', async () => {
    expect(await ask(app, '/bare', await aToken(rsa))).toMatchObject({ status: 200 });
    const [, payload, signature] = (await aToken(rsa)).split('.');
    const confused = Buffer.from(JSON.stringify({ alg: 'HS256', kid: 'k2', typ: 'at+jwt' })).toString(
      'base64url',
    );
    expect(await ask(app, '/bare', `${confused}.${payload}.${signature}`)).toMatchObject({ status: 401 });
  });

  it.each([['Basic dTpw'], ['Bearer'], ['Bearer a b'], ['token']])(
    'refuses "Authorization: %s"',
    async (authorization) => {
      expect(await ask(app, '/bare', undefined, { authorization })).toMatchObject({ status: 401 });
    },
  );

  it('refuses two credentials, and an API key', async () => {
    const token = await aToken(key);
    expect(await ask(app, '/bare', token, { 'x-api-key': 'k' })).toMatchObject({
      status: 400,
      type: 'ambiguous-credentials',
    });
    expect(await ask(app, '/bare', undefined, { 'x-api-key': 'k' })).toMatchObject({ status: 401 });
  });

  it.each([
    ['/projects/ping', undefined, 200],
    ['/projects', undefined, 200],
    ['/projects/by-itself', undefined, 401],
    ['/projects/create', 'viewer', 403],
    ['/projects/create', 'user', 403],
    ['/projects/create', 'admin', 200],
    ['/projects/report', 'user', 200],
    ['/projects/remove', 'user', 403],
    ['/projects/remove', 'admin', 200],
    ['/projects/by-itself', 'user', 403],
    ['/projects/by-itself', 'admin', 200],
    ['/projects/report', 'root', 403],
    ['/services', 'user', 403],
    ['/services', 'admin', 200],
  ])('answers GET %s by %s with %s', async (url, role, status) => {
    const token = role === undefined ? undefined : await aToken(key, { claims: { role } });
    expect(await ask(app, url, token)).toMatchObject({ status });
  });

  it('says which kind of right is missing', async () => {
    expect(await ask(app, '/projects/remove', await aToken(key))).toMatchObject({
      type: 'insufficient-role',
    });
    expect(await ask(app, '/projects/create', await aToken(key))).toMatchObject({
      type: 'insufficient-permission',
    });
  });

  it('takes a guest for optional authentication, but no token that is not valid', async () => {
    expect(await ask(app, '/projects')).toMatchObject({ id: 'guest' });
    expect(await ask(app, '/projects', await aToken(key))).toMatchObject({ id: 'u1' });
    expect(await ask(app, '/projects', await aToken(stranger))).toMatchObject({ status: 401 });
  });

  it('lets a service through by permission and never by role', async () => {
    const token = await aServiceToken(key, 'provider-health-service', ['audit:write']);
    expect(await ask(app, '/services', token)).toMatchObject({ status: 200 });
    expect(await ask(app, '/projects/report', token)).toMatchObject({
      status: 403,
      type: 'insufficient-role',
    });
  });

  it('lists what every handler asks', () => {
    const handlers = app.get(AccessExplorer).handlers();
    expect(handlers).toHaveLength(8);
    expect(handlers.find(({ handler }) => handler === 'ping')?.requirement.mode).toBe('public');
    expect(handlers.find(({ handler }) => handler === 'ping')?.routes).toEqual(['GET /projects/ping']);
    expect(handlers.filter(({ requirement }) => requirement.mode === 'required')).toHaveLength(6);
  });
});

describe('access control with an extra check', () => {
  it('refuses what the check refuses, and only asks it about good tokens', async () => {
    const key = await aKey('k1');
    const asked: string[] = [];
    const app = await start({
      issuer: ISSUER,
      audience: AUDIENCE,
      keys: () => Promise.resolve(jwksOf(key)),
      afterVerification: async (principal) => {
        asked.push(principal.id);
        throw new Error('the session has ended');
      },
    });
    expect(await ask(app, '/bare', `${await aToken(key)}x`)).toMatchObject({ status: 401 });
    expect(asked).toEqual([]);
    expect((await ask(app, '/bare', await aToken(key))).status).toBeGreaterThanOrEqual(400);
    expect(asked).toEqual(['u1']);
    await app.close();
  });
});

describe('keys from a JWKS URL', () => {
  let issuer: Server;
  let port: number;
  let answer: () => object | undefined;
  const apps: INestApplication[] = [];

  const serve = async (onPort = 0) => {
    issuer = createServer((_request, response) => {
      const body = answer();
      response.statusCode = body === undefined ? 500 : 200;
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(body ?? {}));
    });
    await new Promise<void>((resolve) => issuer.listen(onPort, '127.0.0.1', resolve));
    port = (issuer.address() as AddressInfo).port;
  };
  const startWithUrl = async () => {
    const app = await start({ issuer: ISSUER, audience: AUDIENCE, jwksUrl: `http://127.0.0.1:${port}/jwks` });
    apps.push(app);
    return app;
  };
  const stop = () => new Promise((resolve) => issuer.close(resolve));

  afterEach(async () => {
    for (const app of apps.splice(0)) await app.close();
    issuer.closeAllConnections();
    await stop();
  });

  it('answers 503 while no key was ever fetched, and verifies once one was', async () => {
    const key = await aKey('k1');
    answer = () => undefined;
    await serve();
    const app = await startWithUrl();
    expect(await ask(app, '/bare', await aToken(key))).toMatchObject({
      status: 503,
      type: 'dependency-unavailable',
    });
    await expect(app.get(VerificationKeys).check()).rejects.toThrow();
    answer = () => jwksOf(key);
    expect(await ask(app, '/bare', await aToken(key))).toMatchObject({ status: 200 });
    await expect(app.get(VerificationKeys).check()).resolves.toBeUndefined();
  });

  it('fetches over a connection of its own, since the issuer may have closed an idle one', async () => {
    const key = await aKey('k1');
    answer = () => jwksOf(key);
    await serve();
    const keys = (await startWithUrl()).get(VerificationKeys);
    await keys.reload();
    let connections = 0;
    issuer.on('connection', () => connections++);
    await keys.reload();
    await keys.reload();
    expect(connections).toBe(2);
  });

  it('goes on verifying with the keys it has while the issuer is away, and finds a new one when it is back', async () => {
    const [first, second] = await Promise.all([aKey('k1'), aKey('k2')]);
    answer = () => jwksOf(first);
    await serve();
    const app = await startWithUrl();
    expect(await ask(app, '/bare', await aToken(first))).toMatchObject({ status: 200 });
    issuer.closeAllConnections();
    await stop();
    expect(await ask(app, '/bare', await aToken(first))).toMatchObject({ status: 200 });
    answer = () => jwksOf(first, second);
    await serve(port);
    await app.get(VerificationKeys).reload();
    expect(await ask(app, '/bare', await aToken(second))).toMatchObject({ status: 200 });
  });
});
