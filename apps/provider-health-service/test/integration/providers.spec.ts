import { RevocationGate } from '@gatehouse/access-control';
import { createService } from '@gatehouse/service-bootstrap';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Redis } from 'ioredis';
import { DataSource } from 'typeorm';
import { accessTable, documentedAccess } from '../../../../test/support/access-table.js';
import { aToken } from '../../../../test/support/access-tokens.js';
import { eventually } from '../../../../test/support/eventually.js';
import { type FreshDatabase, freshDatabase } from '../../../../test/support/postgres.js';
import { Platform } from '../../../../test/support/platform.js';
import { freshNamespace, testRedisUrl } from '../../../../test/support/redis.js';
import { AppModule } from '../../src/app.module.js';
import { ProviderHealthEnvironment } from '../../src/provider-health.environment.js';
import { anEnvironment } from '../an-environment.js';

describe('provider-health-service', () => {
  const namespace = freshNamespace('provider-health');
  const platform = new Platform(namespace);
  const redis = new Redis(testRedisUrl());
  let database: FreshDatabase;
  let environment: ProviderHealthEnvironment;
  let app: NestFastifyApplication;
  let tokens: Record<'admin' | 'user' | 'viewer' | 'guest', string>;
  let count = 0;

  const boot = async (environment: ProviderHealthEnvironment) => {
    const service = await createService({
      ...{ name: 'provider-health-service', transport: 'provider-health', path: 'providers' },
      module: AppModule.of(environment),
      environment: environment.variables,
    });
    await service.init();
    await service.getHttpAdapter().getInstance().ready();
    await eventually('the revocations are known', () => service.get(RevocationGate).isFresh);
    return service;
  };

  const call = async (
    method: 'GET' | 'POST',
    url: string,
    body?: unknown,
    role: keyof typeof tokens | 'nobody' = 'admin',
  ) => {
    const headers = role === 'nobody' ? {} : { authorization: `Bearer ${tokens[role]}` };
    const payload = body === undefined ? undefined : JSON.stringify(body);
    const type = body === undefined ? {} : { 'content-type': 'application/json' };
    const answer = await app.inject({ method, url, payload, headers: { ...headers, ...type } });
    return {
      status: answer.statusCode,
      headers: answer.headers,
      body: answer.json<Record<string, unknown>>(),
    };
  };

  const aProvider = async (more: object = {}) => {
    const name = `provider-${count++}`;
    const body = { name, kind: 'openai', baseUrl: 'https://api.example.test', ...more };
    expect((await call('POST', '/v1/providers', body)).status).toBe(201);
    return name;
  };
  const fail = async (name: string, times: number) => {
    for (let index = 0; index < times; index++)
      await call('POST', `/v1/providers/${name}/failures`, { class: 'server' });
  };

  beforeAll(async () => {
    await platform.open();
    const roles = ['admin', 'user', 'viewer', 'guest'] as const;
    const made = await Promise.all(
      roles.map(async (role) => [role, await aToken(platform.key, { claims: { role, sub: role } })]),
    );
    tokens = Object.fromEntries(made) as typeof tokens;
    database = await freshDatabase('provider_health');
    environment = anEnvironment({ namespace, databaseUrl: database.url, authUrl: platform.url });
    app = await boot(environment);
  });

  afterAll(async () => {
    await app.close();
    await platform.close();
    await database.drop();
    redis.disconnect();
  });

  it('adds a provider with the defaults of the design and gives it back', async () => {
    const name = await aProvider();
    const { body } = await call('GET', `/v1/providers/${name}`);
    expect(body).toEqual({
      ...{
        name,
        kind: 'openai',
        baseUrl: 'https://api.example.test',
        priority: 100,
        weight: 1,
        models: [],
        tags: [],
      },
      policy: {
        degradedAfter: 3,
        unhealthyAfter: 5,
        healthyAfter: 3,
        probePermits: 1,
        unhealthySeconds: 300,
        failureWindowSeconds: 3600,
      },
      createdAt: expect.any(String) as string,
    });
    expect((await call('GET', `/v1/providers/${name}/status`)).body).toEqual({
      ...{ name, status: 'healthy', available: true, reason: 'healthy', version: 0, ageMs: 0 },
      ...{ consecutiveFailures: 0, consecutiveSuccesses: 0 },
    });
  });

  it('makes one provider of many requests for one name', async () => {
    const body = { name: `race-${count++}`, kind: 'openai', baseUrl: 'https://api.example.test' };
    const answers = await Promise.all(Array.from({ length: 10 }, () => call('POST', '/v1/providers', body)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array<number>(9).fill(409)]);
    expect(answers.find(({ status }) => status === 409)?.body).toMatchObject({ type: 'provider-exists' });
  });

  it.each([
    ['no name', { name: undefined }],
    ['a name that is no slug', { name: 'Open AI' }],
    ['a reserved name', { name: 'fallback-chain' }],
    ['an API key that no header can carry', { apiKey: 'sk-secret with spaces' }],
    ['an API key that is too short to be one', { apiKey: 'secret' }],
    ['credentials in its URL', { baseUrl: 'https://user:sk-secret@api.example.test' }],
    ['a URL of another kind', { baseUrl: 'file:///etc/passwd' }],
    ['a policy without sense', { policy: { degradedAfter: 0 } }],
    ['an unknown field of the policy', { policy: { unhealthyAfterwards: 5 } }],
  ])('refuses a provider with %s and adds nothing', async (_case, change) => {
    const body = {
      name: `refused-${count++}`,
      kind: 'openai',
      baseUrl: 'https://api.example.test',
      ...change,
    };
    const answer = await call('POST', '/v1/providers', body);
    expect([answer.status, answer.body['type']]).toEqual([400, 'validation-failed']);
    expect(JSON.stringify(answer.body)).not.toContain('sk-secret');
    expect((await call('GET', `/v1/providers/refused-${count - 1}`)).status).toBe(404);
  });

  it.each([
    ['GET', '/v1/providers', 'guest', 403],
    ['GET', '/v1/providers', 'viewer', 200],
    ['POST', '/v1/providers', 'user', 403],
    ['POST', '/v1/providers/some/failures', 'viewer', 403],
    ['POST', '/v1/providers/some/failures', 'user', 404],
    ['GET', '/v1/providers/some/status', 'user', 404],
  ] as const)('answers %s %s by a %s with %s', async (method, url, role, status) => {
    expect((await call(method, url, method === 'POST' ? { class: 'server' } : undefined, role)).status).toBe(
      status,
    );
  });

  it('tells the audit trail of each request that may not', async () => {
    expect((await call('GET', '/v1/providers', undefined, 'guest')).status).toBe(403);
    const [event] = await eventually('it is written', async () => {
      const rows: { payload: string }[] = await app
        .get(DataSource)
        .query(`SELECT payload FROM outbox_message WHERE payload LIKE '%access.denied%"guest"%' ORDER BY id`);
      return rows.length > 0 && rows.map(({ payload }) => JSON.parse(payload) as object);
    });
    expect(event).toMatchObject({
      ...{ category: 'access', outcome: 'denied', reason: 'insufficient-permission' },
      ...{ actor: { type: 'user', id: 'guest' }, target: { type: 'route', id: 'GET /v1/providers' } },
      ...{ producer: 'provider-health-service', details: { rule: 'permission' } },
    });
  });

  it('asks on every route and message what docs/permissions.md says', async () => {
    expect(accessTable(app)).toEqual(documentedAccess('provider-health-service'));
    for (const url of ['/v1/providers', '/v1/providers/a/status', '/v1/providers/fallback-chain?primary=a']) {
      expect((await call('GET', url, undefined, 'nobody')).status).toBe(401);
    }
  });

  it('says what five failures make of a provider, and whom to call instead', async () => {
    const [first, second] = [await aProvider(), await aProvider()];
    const statuses: unknown[] = [];
    for (let index = 0; index < 5; index++) {
      const answer = await call(
        'POST',
        `/v1/providers/${first}/failures`,
        { class: 'server', message: 'boom' },
        'user',
      );
      statuses.push(answer.body['status']);
    }
    expect(statuses).toEqual(['healthy', 'healthy', 'degraded', 'degraded', 'unhealthy']);
    expect(
      (await call('GET', `/v1/providers/fallback-chain?primary=${first}&fallbacks=${second}`)).body,
    ).toEqual({
      chain: [{ name: second, status: 'healthy', reason: 'healthy' }],
      excluded: [{ name: first, reason: 'timeout' }],
      panic: false,
      version: 2,
    });
    expect((await call('GET', `/v1/providers/healthy?among=${first},${second}`)).body).toMatchObject({
      name: second,
    });
    const nobody = await call('GET', `/v1/providers/healthy?among=${first}`);
    expect([nobody.status, nobody.body['type'], nobody.headers['retry-after']]).toEqual([
      503,
      'no-provider-available',
      '5',
    ]);
    expect(nobody.body['errors']).toEqual([{ path: first, message: 'timeout' }]);
    const inPanic = await call('GET', `/v1/providers/healthy?among=${first}&panic=least-bad`);
    expect(inPanic.body).toEqual({ name: first, status: 'unhealthy', panic: true });
    const chain = await call('GET', `/v1/providers/fallback-chain?primary=${first}&panic=soonest`);
    expect(chain.body).toMatchObject({ chain: [{ name: first, reason: 'timeout' }], panic: true });
  });

  it('arranges a chain by cost, weight and response time', async () => {
    const [dear, cheap, unknown] = [
      await aProvider({ costPerMillionTokens: 5, weight: 0 }),
      await aProvider({ costPerMillionTokens: 0.5 }),
      await aProvider(),
    ];
    const order = async (strategy: string, primary: string, ...fallbacks: string[]) => {
      const query = `primary=${primary}&fallbacks=${fallbacks.join()}&strategy=${strategy}`;
      const { chain } = (await call('GET', `/v1/providers/fallback-chain?${query}`)).body;
      return (chain as { name: string }[]).map(({ name }) => name);
    };
    expect(await order('cheapest', unknown, dear, cheap)).toEqual([cheap, dear, unknown]);
    expect(await order('weighted', dear, cheap)).toEqual([cheap, dear]);
    await call('POST', `/v1/providers/${dear}/successes`, { responseTimeMs: 900 });
    await call('POST', `/v1/providers/${cheap}/successes`, { responseTimeMs: 90 });
    expect(await order('least-latency', dear, cheap)).toEqual([cheap, dear]);
  });

  it.each([
    ['/v1/providers/fallback-chain', 400],
    ['/v1/providers/fallback-chain?primary=nobody', 404],
    ['/v1/providers/fallback-chain?primary=a&strategy=magic', 400],
    ['/v1/providers/fallback-chain?primary=a&panic=always', 400],
    ['/v1/providers/fallback-chain?primary=a&fallbacks=b,a', 400],
    ['/v1/providers/fallback-chain?primary=nobody&strategy=cheapest', 404],
    ['/v1/providers/healthy?among=a,a', 400],
    ['/v1/providers?limit=0', 400],
    ['/v1/providers?cursor=nonsense', 400],
    ['/v1/providers?colour=red', 400],
  ])('answers GET %s with %s', async (url, status) => {
    const answer = await call('GET', url);
    expect(answer.status).toBe(status);
    expect(answer.headers['content-type']).toMatch(/problem\+json/);
  });

  it.each([
    [{ class: 'nonsense' }],
    [{ class: 'server', extra: 1 }],
    [{ class: 'server', responseTimeMs: -1 }],
    [{ class: 'server', version: 1.5 }],
    [{}],
  ])('refuses the failure %j and counts nothing', async (body) => {
    const name = await aProvider();
    expect((await call('POST', `/v1/providers/${name}/failures`, body)).status).toBe(400);
    expect((await call('GET', `/v1/providers/${name}/status`)).body).toMatchObject({
      consecutiveFailures: 0,
    });
  });

  it('pages through providers by tag and status', async () => {
    const tag = `tag-${count}`;
    const names = [
      await aProvider({ tags: [tag] }),
      await aProvider({ tags: [tag] }),
      await aProvider({ tags: [tag] }),
    ];
    await fail(names[1] ?? '', 3);
    const page = async (query: string) =>
      (await call('GET', `/v1/providers?tag=${tag}&${query}`)).body as {
        items: { name: string }[];
        nextCursor: string | null;
      };
    const first = await page('limit=2');
    expect(first.items.map(({ name }) => name)).toEqual(names.slice(0, 2));
    const rest = await page(`limit=2&cursor=${first.nextCursor}`);
    expect([rest.items.map(({ name }) => name), rest.nextCursor]).toEqual([names.slice(2), null]);
    expect((await page('status=degraded')).items.map(({ name }) => name)).toEqual([names[1]]);
    const healthyOnes = await page('status=healthy&limit=1');
    expect((await page(`status=healthy&limit=1&cursor=${healthyOnes.nextCursor}`)).items[0]?.name).toBe(
      names[2],
    );
  });

  it('writes each transition down once, with its audit event and its event', async () => {
    const name = await aProvider();
    await fail(name, 5);
    const history = async () =>
      (await call('GET', `/v1/providers/${name}/history`)).body['items'] as unknown[];
    await eventually('both are written down', async () => (await history()).length === 2);
    expect(await history()).toEqual([
      expect.objectContaining({ provider: name, from: 'degraded', to: 'unhealthy', version: 2 }),
      expect.objectContaining({ provider: name, from: 'healthy', to: 'degraded', version: 1 }),
    ]);
    const rows: { payload: string }[] = await app
      .get(DataSource)
      .query(`SELECT payload FROM outbox_message WHERE topic = 'audit' AND payload LIKE $1 ORDER BY id`, [
        `%${name}%`,
      ]);
    expect(rows.map(({ payload }) => (JSON.parse(payload) as { action: string }).action)).toEqual([
      'provider.created',
      'provider.status-changed',
      'provider.status-changed',
    ]);
  });

  it('writes down once what is in the stream twice, as after a crash between the commit and the removal', async () => {
    const stream = `${namespace}:{providers}:transitions`;
    const name = await aProvider();
    const entry = [
      'provider',
      name,
      'from',
      'healthy',
      'to',
      'degraded',
      'reason',
      'consecutive-failures',
      'version',
      '1',
      'at',
      `${Date.now()}`,
    ];
    await redis.xadd(stream, '*', 'nonsense', '1');
    await redis.xadd(stream, '*', ...entry);
    await redis.xadd(stream, '*', ...entry);
    await eventually('the stream is empty', async () => (await redis.xlen(stream)) === 0);
    expect(((await call('GET', `/v1/providers/${name}/history`)).body['items'] as unknown[]).length).toBe(1);
  }, 20_000);

  it('tells the transitions of a provider in their order, with two replicas at work', async () => {
    const second = await boot(environment);
    const names = await Promise.all(Array.from({ length: 20 }, () => aProvider()));
    await Promise.all(names.map((name) => fail(name, 5)));
    const stream = `${namespace}:{providers}:transitions`;
    await eventually('the stream is empty', async () => (await redis.xlen(stream)) === 0);
    const rows: { payload: string }[] = await app
      .get(DataSource)
      .query(
        `SELECT payload FROM outbox_message WHERE topic = 'audit' ORDER BY producer_seq NULLS LAST, created_at, id`,
      );
    const told = rows
      .map(({ payload }) => JSON.parse(payload) as { target: { id: string }; details: { to?: string } })
      .filter(({ target, details }) => details.to !== undefined && names.includes(target.id));
    for (const name of names) {
      const changes = told.filter(({ target }) => target.id === name).map(({ details }) => details.to);
      expect(changes).toEqual(['degraded', 'unhealthy']);
    }
    await second.close();
  }, 60_000);

  it('goes on as the last recorded transition left it when Redis has lost its state', async () => {
    const name = await aProvider();
    await fail(name, 5);
    await eventually(
      'both are written down',
      async () =>
        ((await call('GET', `/v1/providers/${name}/history`)).body['items'] as unknown[]).length === 2,
    );
    await redis.del(`${namespace}:{providers}:health:${name}`);
    expect((await call('GET', `/v1/providers/${name}/status`)).body).toMatchObject({
      ...{ status: 'unhealthy', available: false, version: 2 },
    });
  }, 20_000);
});
