import { RevocationGate } from '@gatehouse/access-control';
import type { Page, ProviderRequests, ProviderStatistics } from '@gatehouse/provider-health-contracts';
import { openTransport, type OpenTransport, type RequestClient } from '@gatehouse/redis-transport';
import { createService } from '@gatehouse/service-bootstrap';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { firstValueFrom } from 'rxjs';
import { Redis } from 'ioredis';
import { DataSource } from 'typeorm';
import { aToken } from '../../../../test/support/access-tokens.js';
import { eventually } from '../../../../test/support/eventually.js';
import { Platform } from '../../../../test/support/platform.js';
import { type FreshDatabase, freshDatabase } from '../../../../test/support/postgres.js';
import { freshNamespace, testRedisSettings, testRedisUrl } from '../../../../test/support/redis.js';
import { AppModule } from '../../src/app.module.js';
import { ProviderHealthTracker } from '../../src/health-tracking/provider-health.tracker.js';
import { ResponseTimeTracker } from '../../src/statistics/response-time.tracker.js';
import { anEnvironment } from '../an-environment.js';
import type { Outcomes } from './statistics-world.js';

describe('statistics of providers', () => {
  const namespace = freshNamespace('provider-statistics');
  const platform = new Platform(namespace);
  const redis = new Redis(testRedisUrl());
  const stream = `${namespace}:{providers}:outcomes`;
  let database: FreshDatabase;
  let replicas: NestFastifyApplication[];
  let transport: OpenTransport;
  let tokens: Record<'admin' | 'viewer' | 'guest', string>;

  const boot = async () => {
    const environment = anEnvironment({ namespace, databaseUrl: database.url, authUrl: platform.url });
    const app = await createService({
      ...{ name: 'provider-health-service', transport: 'provider-health', path: 'providers' },
      module: AppModule.of(environment),
      environment: environment.variables,
    });
    await app.init();
    await app.getHttpAdapter().getInstance().ready();
    await app.startAllMicroservices();
    await eventually('the revocations are known', () => app.get(RevocationGate).isFresh);
    return app;
  };
  const get = async <Body>(url: string, of: { by?: keyof typeof tokens; at?: number } = {}) => {
    const headers = { authorization: `Bearer ${tokens[of.by ?? 'viewer']}` };
    const app = replicas[of.at ?? 0] as NestFastifyApplication;
    const answer = await app.inject({ method: 'GET', url, headers });
    return { status: answer.statusCode, body: answer.json<Body>() };
  };
  const report = async (outcomes: Outcomes) => {
    const [seconds] = await redis.time();
    await redis.xadd(stream, '*', 'at', Number(seconds) * 1000, 'outcomes', JSON.stringify(outcomes));
    await eventually('it is counted', async () => (await redis.xlen(stream)) === 0);
  };

  beforeAll(async () => {
    await platform.open();
    const roles = ['admin', 'viewer', 'guest'] as const;
    const made = await Promise.all(
      roles.map(async (role) => [role, await aToken(platform.key, { claims: { role, sub: role } })]),
    );
    tokens = Object.fromEntries(made) as typeof tokens;
    database = await freshDatabase('provider_statistics');
    replicas = [await boot(), await boot()];
    for (const name of ['alpha', 'beta', 'gamma'])
      await replicas[0]?.inject({
        ...{ method: 'POST', url: '/v1/providers' },
        headers: { authorization: `Bearer ${tokens.admin}` },
        payload: { name, kind: 'test', baseUrl: 'https://api.example.test' },
      });
    transport = await openTransport({ service: 'asking', redis: testRedisSettings(), namespace });
  }, 60_000);

  afterAll(async () => {
    await transport.close();
    for (const app of replicas) await app.close();
    await platform.close();
    await database.drop();
    redis.disconnect();
  }, 60_000);

  it('are the same on every replica a moment after a report, the live minute included', async () => {
    const served = Array.from({ length: 100 }, (_, index) => ['alpha', 'success', index + 1] as const);
    await report([
      ...(served as unknown as Outcomes),
      ...Array.from({ length: 20 }, () => ['alpha', 'server', 9] as Outcomes[number]),
      ...Array.from({ length: 5 }, () => ['alpha', 'rate-limited', null] as Outcomes[number]),
      ...Array.from({ length: 15 }, () => ['alpha', 'client', null] as Outcomes[number]),
    ]);
    for (const window of ['5m', '1h', '24h', '30d'])
      for (const at of [0, 1]) {
        const { body } = await get<ProviderStatistics>(`/v1/providers/alpha/stats?window=${window}`, { at });
        expect(body).toMatchObject({
          ...{ name: 'alpha', window, calls: 140, successes: 100, failures: 40, successRate: 0.8 },
          failuresByClass: { server: 20, 'rate-limited': 5, client: 15 },
          ...{ uptime: 1, transitions: 0 },
        });
        for (const [name, exact] of Object.entries({ p50: 50, p90: 90, p95: 95, p99: 99, max: 100 })) {
          const found = body.responseTimeMs?.[name as 'p50'] ?? 0;
          expect(Math.abs(found - exact) / exact).toBeLessThanOrEqual(0.01);
        }
      }
  }, 30_000);

  it('begin with the provider, and say nothing of what there was none', async () => {
    const { body } = await get<ProviderStatistics>('/v1/providers/gamma/stats');
    const [{ created_at: created } = { created_at: new Date(0) }]: { created_at: Date }[] = await (
      replicas[0] as NestFastifyApplication
    )
      .get(DataSource)
      .query(`SELECT created_at FROM provider WHERE name = 'gamma'`);
    expect(body).toEqual({
      ...{ name: 'gamma', window: '1h', from: created.toISOString(), to: expect.any(String) as string },
      ...{ calls: 0, successes: 0, failures: 0, failuresByClass: {}, successRate: null },
      ...{ responseTimeMs: null, uptime: 1, transitions: 0 },
    });
  });

  it('know the time in which a provider was unhealthy', async () => {
    const dataSource = (replicas[0] as NestFastifyApplication).get(DataSource);
    await dataSource.query(
      `UPDATE provider SET created_at = now() - interval '30 minutes' WHERE name = 'beta'`,
    );
    await dataSource.query(
      `INSERT INTO transition (provider, version, from_status, to_status, reason, at, sequence) VALUES
         ('beta', 1, 'healthy', 'unhealthy', 'marked', now() - interval '20 minutes', 1000001),
         ('beta', 2, 'unhealthy', 'healthy', 'marked', now() - interval '5 minutes', 1000002)`,
    );
    const { body } = await get<ProviderStatistics>('/v1/providers/beta/stats?window=24h');
    expect(body.transitions).toBe(2);
    expect(body.uptime).toBeCloseTo(0.5, 2);
  });

  it('come in pages in the order of names', async () => {
    const first = await get<Page<ProviderStatistics>>('/v1/providers/stats?window=5m&limit=2');
    expect(first.body.items.map(({ name }) => name)).toEqual(['alpha', 'beta']);
    const next = await get<Page<ProviderStatistics>>(
      `/v1/providers/stats?window=5m&limit=2&cursor=${first.body.nextCursor}`,
    );
    expect([next.body.items.map(({ name }) => name), next.body.nextCursor]).toEqual([['gamma'], null]);
    expect(first.body.items[0]).toMatchObject({ calls: 140, successRate: 0.8 });
  });

  it('are told to services over the transport and by the tracker, as by the routes', async () => {
    const requests = transport.clients.of('provider-health') as RequestClient<ProviderRequests>;
    const token = await aToken(platform.key, { claims: { role: 'viewer', sub: 'asking' } });
    const one = await firstValueFrom(
      requests.send('providers.stats', { name: 'alpha', window: '1h' }, { token }),
    );
    const all = await firstValueFrom(
      requests.send('providers.all-stats', { window: '1h', limit: 50 }, { token }),
    );
    expect(one).toMatchObject({ name: 'alpha', calls: 140 });
    expect(all.items.map(({ name, calls }) => [name, calls])).toEqual([
      ['alpha', 140],
      ['beta', 0],
      ['gamma', 0],
    ]);
    const tracker = (replicas[1] as NestFastifyApplication).get(ProviderHealthTracker);
    expect(await tracker.getProviderStats('alpha', '1h')).toMatchObject({ calls: 140 });
    expect((await tracker.getAllProvidersStats('1h')).map(({ calls }) => calls)).toEqual([140, 0, 0]);
  });

  it('refuse who may not read, unknown providers and other windows', async () => {
    expect((await get('/v1/providers/alpha/stats', { by: 'guest' })).status).toBe(403);
    expect((await get('/v1/providers/stats', { by: 'guest' })).status).toBe(403);
    expect((await get('/v1/providers/nobody/stats')).status).toBe(404);
    for (const query of ['window=1w', 'window=', 'limit=0', 'limit=201', 'cursor=x', 'since=1'])
      expect([query, (await get(`/v1/providers/stats?${query}`)).status]).toEqual([query, 400]);
  });

  it('give the status its percentiles, without asking PostgreSQL then', async () => {
    const app = replicas[0] as NestFastifyApplication;
    await app.get(ResponseTimeTracker).refresh();
    const { body } = await get<{ responseTimeMs: Record<string, number> }>('/v1/providers/alpha/status');
    const { p50 = 0, p95 = 0, p99 = 0 } = body.responseTimeMs;
    expect([p50 / 50, p95 / 95, p99 / 99].map((ratio) => Math.abs(ratio - 1) <= 0.01)).toEqual([
      ...[true, true, true],
    ]);
    expect((await get('/v1/providers/gamma/status')).body).not.toHaveProperty('responseTimeMs');
  });

  it('are metrics too', async () => {
    const texts = await Promise.all(
      replicas.map(async (app) => (await app.inject({ method: 'GET', url: '/metrics' })).body),
    );
    expect(texts[0]).toContain('gatehouse_provider_available{provider="alpha",status="healthy"} 1');
    for (const name of ['waiting', 'oldest_age_seconds', 'lost'])
      expect(texts[0]).toMatch(new RegExp(`^gatehouse_provider_outcomes_${name} 0$`, 'm'));
    const line = /^gatehouse_provider_outcomes_total\{provider="alpha",outcome="server"\} (\d+)$/m;
    expect(texts.reduce((sum, text) => sum + Number(line.exec(text)?.[1] ?? 0), 0)).toBe(20);
  });
});
