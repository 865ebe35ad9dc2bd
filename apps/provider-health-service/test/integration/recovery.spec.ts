import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { StatusChange } from '@gatehouse/provider-health-contracts';
import { DataSource } from 'typeorm';
import { eventually } from '../../../../test/support/eventually.js';
import { TransitionRecorder } from '../../src/events/transition.recorder.js';
import { HealthSeeder } from '../../src/health-tracking/health.seeder.js';
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

  it('counts nothing on old data before it was compared, and keeps what is not older', async () => {
    const [older, same] = [await world.aProvider(app), await world.aProvider(app)];
    await fail(older, 3);
    const dump = await world.redis.dumpBuffer(key(`health:${older}`));
    await fail(older, 2);
    await fail(same, 4);
    await Promise.all([written(older, 2), written(same, 1)]);
    await world.redis.restore(key(`health:${older}`), 0, dump, 'REPLACE');
    for (const name of [older, same])
      await world.redis.hset(key(`health:${name}`), 'incarnation', 'the one before');
    await fail(older, 1);
    await fail(same, 1);
    expect(await status(older)).toMatchObject({ status: 'unhealthy', version: 2 });
    expect(await status(same)).toMatchObject({ status: 'unhealthy', version: 2, consecutiveFailures: 5 });
    await written(same, 2);
  }, 60_000);

  it('goes on from what is being written down at that moment', async () => {
    const name = await world.aProvider(app);
    await fail(name, 3);
    await written(name, 1);
    const runner = app.get(DataSource).createQueryRunner();
    await runner.startTransaction();
    await runner.query('UPDATE transition_counter SET last = last + 1');
    await runner.query(
      `INSERT INTO transition (provider, version, from_status, to_status, reason, at, sequence)
       SELECT $1, 2, 'degraded', 'unhealthy', 'marked', now(), last FROM transition_counter`,
      [name],
    );
    await world.redis.del(key(`health:${name}`));
    const failed = fail(name, 1);
    const waits = `SELECT FROM pg_stat_activity WHERE query LIKE '%transition_counter FOR SHARE%' AND wait_event_type = 'Lock'`;
    await eventually(
      'it waits for it',
      async () => (await app.get(DataSource).query<unknown[]>(waits)).length > 0,
    );
    await runner.commitTransaction();
    await runner.release();
    await failed;
    expect(await status(name)).toMatchObject({ status: 'unhealthy', version: 2 });
  }, 60_000);

  it('has a transition that it lost, and that a replica still had in hand, come to nothing', async () => {
    const name = await world.aProvider(app);
    await fail(name, 3);
    await written(name, 1);
    const lost: StatusChange = {
      ...{ provider: name, from: 'degraded', to: 'unhealthy', version: 2 },
      ...{ reason: 'consecutive-failures', at: new Date().toISOString() },
    };
    await app.get(TransitionRecorder).record(lost, () => Promise.resolve(false));
    await fail(name, 2);
    await written(name, 2);
    const { body } = await world.call(app, 'GET', `/v1/providers/${name}/history`);
    expect((body['items'] as StatusChange[])[0]).not.toMatchObject({ at: lost.at });
  }, 60_000);

  it('that knows nothing however often it is told is taken for away', async () => {
    const tries: string[] = [];
    const seeder = app.get(HealthSeeder);
    const never = seeder.untilKnown(
      () => Promise.resolve(undefined),
      () => Promise.resolve(tries.push('told')),
    );
    await expect(never).rejects.toMatchObject({ type: 'dependency-unavailable', status: 503 });
    expect(tries).toHaveLength(5);
  });

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
