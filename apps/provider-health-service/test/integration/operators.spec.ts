import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { eventually } from '../../../../test/support/eventually.js';
import { ProviderWorld } from './provider-world.js';

describe('what operators say of providers', () => {
  const world = new ProviderWorld();
  let app: NestFastifyApplication;

  const call = (method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown, as = 'admin') =>
    world.call(app, method, `/v1/providers/${path}`, { body, as });
  const status = async (name: string) => (await call('GET', `${name}/status`)).body;
  const fail = async (name: string, times: number) => {
    for (let index = 0; index < times; index++) await call('POST', `${name}/failures`, { class: 'server' });
  };
  const reasons = async (name: string) => {
    const { items } = (await call('GET', `${name}/history`)).body as { items: { reason: string }[] };
    return items.map(({ reason }) => reason);
  };
  const actions = async (name: string) =>
    (await world.events(app, name)).map(({ action, actor }) => [action, (actor as { id: string }).id]);

  beforeAll(async () => {
    await world.open();
    app = await world.start();
  }, 60_000);

  afterAll(() => world.close(), 30_000);

  it('hold whatever comes in, and give way to what the provider was', async () => {
    const name = await world.aProvider(app);
    await fail(name, 3);
    const put = await call('PUT', `${name}/override`, { status: 'maintenance', reason: 'upgrade' });
    expect([put.status, put.body]).toEqual([
      200,
      expect.objectContaining({ status: 'unhealthy', available: false, reason: 'maintenance', version: 2 }),
    ]);
    await fail(name, 5);
    expect((await call('POST', `${name}/permits`)).body).toMatchObject({ type: 'no-permit' });
    expect((await call('POST', `${name}/marks`, { status: 'healthy' })).body).toMatchObject({
      ...{ type: 'provider-overridden', status: 409 },
    });
    expect(await status(name)).toMatchObject({ version: 2, rule: 'override', consecutiveFailures: 3 });
    const lifted = await call('DELETE', `${name}/override`);
    expect(lifted.body).toMatchObject({
      ...{ status: 'degraded', available: true, version: 3, rule: 'consecutive', consecutiveFailures: 0 },
    });
    expect(lifted.body).not.toHaveProperty('override');
    await eventually('all is written down', async () => (await reasons(name)).length === 3);
    expect(await reasons(name)).toEqual(['override-lifted', 'overridden', 'consecutive-failures']);
    expect(await actions(name)).toEqual(
      expect.arrayContaining([
        ['provider.overridden', 'admin'],
        ['provider.override-lifted', 'admin'],
      ]),
    );
  }, 60_000);

  it('end by themselves when their time has come', async () => {
    const name = await world.aProvider(app);
    const until = new Date(Date.now() + 3_000).toISOString();
    await call('PUT', `${name}/override`, { status: 'unhealthy', reason: 'doubt', until });
    await eventually('it ended and is written down', async () => (await reasons(name)).length === 2);
    expect((await reasons(name))[0]).toBe('override-ended');
    expect(await status(name)).toMatchObject({ status: 'healthy', available: true, version: 2 });
  }, 60_000);

  it('survive a Redis that has lost everything', async () => {
    const name = await world.aProvider(app);
    await fail(name, 5);
    await call('PUT', `${name}/override`, { status: 'degraded', reason: 'it works for us' });
    await eventually('all is written down', async () => (await reasons(name)).length === 3);
    await world.redis.del(`${world.namespace}:{providers}:health:${name}`);
    expect(await status(name)).toMatchObject({
      ...{ status: 'degraded', available: true, version: 3, override: { status: 'degraded', by: 'admin' } },
    });
    expect((await call('DELETE', `${name}/override`)).body).toMatchObject({
      ...{ status: 'unhealthy', reason: 'timeout', version: 4 },
    });
  }, 60_000);

  it('refuse what makes no sense, and change nothing', async () => {
    const name = await world.aProvider(app);
    const until = '2020-01-01T00:00:00Z';
    for (const body of [{ status: 'healthy', reason: 'late', until }, { status: 'gone', reason: 'x' }, {}])
      expect((await call('PUT', `${name}/override`, body)).status).toBe(400);
    expect((await call('PUT', `${name}/override`, { status: 'healthy', reason: 'x' }, 'user')).status).toBe(
      403,
    );
    expect(await status(name)).not.toHaveProperty('override');
    expect((await actions(name)).map(([action]) => action)).toEqual(['provider.created']);
  });

  it('mark a provider once, after which outcomes go on counting', async () => {
    const name = await world.aProvider(app);
    const marked = await call('POST', `${name}/marks`, { status: 'unhealthy', reason: 'the news' });
    expect(marked.body).toMatchObject({ status: 'unhealthy', reason: 'timeout', rule: 'mark', version: 1 });
    await call('POST', `${name}/marks`, { status: 'degraded' });
    for (let index = 0; index < 3; index++) await call('POST', `${name}/successes`, { responseTimeMs: 1 });
    expect(await status(name)).toMatchObject({ status: 'healthy', version: 3 });
    expect(await actions(name)).toEqual(expect.arrayContaining([['provider.marked', 'admin']]));
  }, 60_000);
});
