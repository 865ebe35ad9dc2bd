import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { eventually } from '../../../../test/support/eventually.js';
import { ProviderWorld } from './provider-world.js';

describe('a Redis that came back as another', () => {
  const world = new ProviderWorld();
  let app: NestFastifyApplication;
  const key = (name: string) => `${world.namespace}:{providers}:${name}`;
  const status = async (name: string) => (await world.call(app, 'GET', `/v1/providers/${name}/status`)).body;
  const fail = async (name: string, times: number) => {
    for (let index = 0; index < times; index++)
      await world.call(app, 'POST', `/v1/providers/${name}/failures`, { body: { class: 'server' } });
  };
  const written = (name: string, count: number) =>
    eventually('all is written down', async () => {
      const { body } = await world.call(app, 'GET', `/v1/providers/${name}/history`);
      return (body['items'] as unknown[]).length === count;
    });

  beforeAll(async () => {
    await world.open();
    app = await world.start();
  }, 60_000);

  afterAll(() => world.close(), 30_000);

  it('with old data is made to know what is recorded, and the others go on as they were', async () => {
    const [older, same] = [await world.aProvider(app), await world.aProvider(app)];
    await fail(older, 3);
    await fail(same, 4);
    const dump = await world.redis.dumpBuffer(key(`health:${older}`));
    await fail(older, 2);
    await Promise.all([written(older, 2), written(same, 1)]);
    await world.redis.restore(key(`health:${older}`), 0, dump, 'REPLACE');
    expect(await status(older)).toMatchObject({ status: 'degraded', version: 1 });
    // What an incarnation before this one noted.
    await world.redis.set(key('compared'), 'another');
    await eventually('it is what was recorded', async () => (await status(older))['version'] === 2);
    expect(await status(older)).toMatchObject({ status: 'unhealthy', reason: 'timeout' });
    expect(await status(same)).toMatchObject({ status: 'degraded', version: 1, consecutiveFailures: 4 });
  }, 60_000);

  it('emptied goes on as the last recorded transition left it', async () => {
    const name = await world.aProvider(app);
    await fail(name, 3);
    await written(name, 1);
    const keys = await world.redis.keys(key('*'));
    await world.redis.del(...keys);
    await fail(name, 5);
    expect(await status(name)).toMatchObject({ status: 'unhealthy', version: 2, consecutiveFailures: 5 });
    await written(name, 2);
  }, 60_000);
});
