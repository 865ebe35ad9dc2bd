import { jest } from '@jest/globals';
import { SecurityAudit } from '@gatehouse/audit-client';
import { BroadcastReceiver } from '@gatehouse/redis-transport';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DataSource } from 'typeorm';
import { eventually, eventuallyHolds } from '../../../../test/support/eventually.js';
import { HealthRepository } from '../../src/health-tracking/health.repository.js';
import { ProviderWorld } from './provider-world.js';

/** Redis is told after the commit; what fails here stands for a replica that dies between the two. */
describe('a change that Redis was not told of', () => {
  const world = new ProviderWorld();
  let app: NestFastifyApplication;
  let name: string;
  const key = (of: string) => `${world.namespace}:{providers}:${of}`;
  const call = (method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path = '', body?: unknown) =>
    world.call(app, method, `/v1/providers/${name}${path}`, { body });
  const status = async () => (await call('GET', '/status')).body;
  const reasons = async () => {
    const { items } = (await call('GET', '/history')).body as { items: { reason: string }[] };
    return items.map(({ reason }) => reason);
  };
  const actions = async () => (await world.events(app, name)).map(({ action }) => action);
  const query = (statement: string) => app.get(DataSource).query<unknown[]>(statement, [name]);
  /** It is due at once. */
  const reconcile = () => world.redis.del(key('reconciled'));
  const dies = (at: 'seed' | 'remove') =>
    jest.spyOn(HealthRepository.prototype, at).mockRejectedValueOnce(new Error('The replica has died'));

  /** Nobody reconciles by itself. */
  const nobody = () => world.redis.set(key('reconciled'), 1, 'PX', 3_600_000);

  beforeAll(async () => {
    await world.open();
    await nobody();
    app = await world.start();
    await eventually('it was compared', async () => (await world.redis.exists(key('compared'))) === 1);
  }, 60_000);
  beforeEach(async () => {
    await nobody();
    name = await world.aProvider(app);
  });
  afterEach(() => void jest.restoreAllMocks());
  afterAll(() => world.close(), 30_000);

  it('is brought to it: how a provider is set up', async () => {
    dies('seed');
    expect((await call('PATCH', '', { policy: { degradedAfter: 1 } })).status).toBe(500);
    await reconcile();
    await eventuallyHolds(async () =>
      expect(await world.redis.hget(key(`health:${name}`), 'policy')).toContain('"degradedAfter":1'),
    );
    await call('POST', '/failures', { class: 'server' });
    expect(await status()).toMatchObject({ status: 'degraded', version: 1 });
  });

  it('is brought to it: that a provider is gone', async () => {
    const told: unknown[] = [];
    await new Promise<void>((resolve) => {
      const handler = { apply: (payload: unknown) => void told.push(payload), reload: resolve };
      app.get(BroadcastReceiver, { strict: false }).subscribe('providers.changed', handler);
    });
    dies('remove');
    expect((await call('DELETE')).status).toBe(500);
    expect(await world.redis.exists(key(`health:${name}`))).toBe(1);
    await reconcile();
    await eventuallyHolds(async () => {
      expect(await world.redis.exists(key(`health:${name}`))).toBe(0);
      expect(told).toContainEqual({ removed: name });
    });
  });

  it('is brought to it: an override, the one in its place, and that it was lifted', async () => {
    const put = (of: string) => call('PUT', '/override', { status: of, reason: 'doubt' });
    dies('seed');
    expect((await put('unhealthy')).status).toBe(500);
    expect(await status()).toMatchObject({ status: 'healthy', version: 0 });
    await reconcile();
    await eventuallyHolds(async () =>
      expect(await status()).toMatchObject({ status: 'unhealthy', version: 1 }),
    );
    dies('seed');
    await put('degraded');
    await reconcile();
    await eventuallyHolds(async () =>
      expect(await status()).toMatchObject({ status: 'degraded', version: 2 }),
    );
    dies('seed');
    expect((await call('DELETE', '/override')).status).toBe(500);
    await reconcile();
    await eventuallyHolds(async () => {
      expect(await status()).toMatchObject({ status: 'healthy', version: 3 });
      expect(await reasons()).toEqual(['override-lifted', 'overridden', 'overridden']);
    });
    expect(await actions()).toEqual(
      expect.arrayContaining(['provider.overridden', 'provider.overridden', 'provider.override-lifted']),
    );
  });

  it('is brought to it: marks, each once and before the override that came after them', async () => {
    dies('seed');
    expect((await call('POST', '/marks', { status: 'degraded' })).status).toBe(500);
    dies('seed');
    await call('POST', '/marks', { status: 'unhealthy' });
    expect(await status()).toMatchObject({ status: 'healthy', version: 0 });
    expect((await actions()).filter((action) => action === 'provider.marked')).toHaveLength(2);
    await call('PUT', '/override', { status: 'healthy', reason: 'it works for us' });
    await eventuallyHolds(async () => expect(await reasons()).toEqual(['overridden', 'marked', 'marked']));
    expect(await query('SELECT 1 FROM provider_mark WHERE provider = $1')).toEqual([]);
    expect((await call('DELETE', '/override')).body).toMatchObject({ status: 'unhealthy', version: 4 });
  });

  it('is not made again: a mark that Redis has while PostgreSQL still keeps it', async () => {
    await query(`INSERT INTO provider_mark (provider, status) VALUES ($1, 'degraded')`);
    const rows = (await query('SELECT * FROM provider_mark WHERE provider = $1')) as { id: string }[];
    await world.redis.hset(key(`health:${name}`), 'marked', rows[0]?.id ?? '');
    await reconcile();
    await eventuallyHolds(async () =>
      expect(await query('SELECT 1 FROM provider_mark WHERE provider = $1')).toEqual([]),
    );
    expect(await status()).toMatchObject({ status: 'healthy', version: 0 });
  });

  it('is none where its audit event could not be written', async () => {
    jest.spyOn(SecurityAudit.prototype, 'enlist').mockImplementation(() => {
      throw new Error('No outbox');
    });
    for (const [method, path, body] of [
      ['PUT', '/override', { status: 'unhealthy', reason: 'doubt' }],
      ['POST', '/marks', { status: 'unhealthy' }],
      ['PATCH', '', { policy: { degradedAfter: 1 } }],
    ] as const)
      expect((await call(method, path, body)).status).toBe(500);
    await reconcile();
    await eventually('it is reconciled', async () => (await world.redis.exists(key('reconciled'))) === 1);
    expect(await status()).toMatchObject({ status: 'healthy', version: 0 });
    expect(await world.redis.hget(key(`health:${name}`), 'policy')).toContain('"degradedAfter":3');
  });
});
