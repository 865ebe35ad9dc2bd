import type { StatusChange } from '@gatehouse/provider-health-contracts';
import { BroadcastReceiver } from '@gatehouse/redis-transport';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DataSource } from 'typeorm';
import { eventually } from '../../../../test/support/eventually.js';
import { TransitionRecorder } from '../../src/events/transition.recorder.js';
import { ProviderWorld } from './provider-world.js';

describe('changes of providers', () => {
  const world = new ProviderWorld();
  let app: NestFastifyApplication;
  const query = <Row>(statement: string, parameters: unknown[] = []): Promise<Row[]> =>
    app.get(DataSource).query<Row[]>(statement, parameters);
  const hashOf = (name: string) => `${world.namespace}:{providers}:health:${name}`;
  const patch = (name: string, body: unknown, as = 'admin') =>
    world.call(app, 'PATCH', `/v1/providers/${name}`, { body, as });
  const get = async (name: string) => (await world.call(app, 'GET', `/v1/providers/${name}`)).body;
  const remove = (name: string, as = 'admin') => world.call(app, 'DELETE', `/v1/providers/${name}`, { as });
  const status = async (name: string) => (await world.call(app, 'GET', `/v1/providers/${name}/status`)).body;
  const create = (name: string) => {
    const body = { name, kind: 'openai', baseUrl: 'https://api.example.test' };
    return world.call(app, 'POST', '/v1/providers', { body });
  };
  const fail = async (name: string, times: number) => {
    for (let index = 0; index < times; index++) {
      const body = { class: 'server' };
      expect((await world.call(app, 'POST', `/v1/providers/${name}/failures`, { body })).status).toBe(200);
    }
  };
  const historyOf = async (name: string) =>
    (await world.call(app, 'GET', `/v1/providers/${name}/history`)).body['items'] as { version: number }[];

  beforeAll(async () => {
    await world.open();
    app = await world.start();
  }, 60_000);

  afterAll(() => world.close(), 30_000);

  it('changes what the body has, leaves the rest, and says in the trail what it was', async () => {
    const name = await world.aProvider(app, { costPerMillionTokens: 2, tags: ['a'] });
    const before = await get(name);
    const answer = await patch(name, {
      ...{ weight: 7, costPerMillionTokens: null, tags: ['b'] },
      policy: { unhealthyAfter: 4 },
    });
    const { costPerMillionTokens: _removed, ...rest } = before;
    const policy = { ...(before['policy'] as object), unhealthyAfter: 4 };
    expect([answer.status, answer.body]).toEqual([200, { ...rest, weight: 7, tags: ['b'], policy }]);
    expect(await get(name)).toEqual(answer.body);
    expect((await world.events(app, name)).at(-1)).toMatchObject({
      ...{ action: 'provider.changed', category: 'admin', actor: { type: 'user', id: 'admin' } },
      details: { changed: ['weight', 'costPerMillionTokens', 'tags', 'policy'] },
    });
  });

  it('leaves no event of a change that makes no difference', async () => {
    const name = await world.aProvider(app, { weight: 3 });
    expect((await patch(name, { weight: 3, policy: { degradedAfter: 3 } })).status).toBe(200);
    expect(await world.events(app, name)).toHaveLength(1);
  });

  it.each([
    ['nothing', {}],
    ['an unknown field', { colour: 'red' }],
    ['another name', { name: 'other' }],
    ['no kind', { kind: null }],
    ['a policy without sense', { weight: 5, policy: { degradedAfter: 0 } }],
    ['a URL of another kind', { weight: 5, baseUrl: 'file:///etc/passwd' }],
    ['a list in place of an object', []],
    ['an API key that no header can carry', { weight: 5, apiKey: 'sk-secret\r\nx: y' }],
  ])('refuses %s and changes nothing', async (_case, body) => {
    const name = await world.aProvider(app, { apiKey: 'sk-0123456789-0123' });
    const before = await get(name);
    const answer = await patch(name, body);
    expect([answer.status, answer.body['type']]).toEqual([400, 'validation-failed']);
    expect(answer.text).not.toContain('sk-secret');
    expect(await get(name)).toEqual(before);
    expect(await world.events(app, name)).toHaveLength(1);
  });

  it('asks for providers:write, and knows who is not there', async () => {
    const name = await world.aProvider(app);
    for (const as of ['user', 'viewer', 'guest']) {
      expect((await patch(name, { weight: 2 }, as)).status).toBe(403);
      expect((await remove(name, as)).status).toBe(403);
    }
    expect((await patch('nobody', { weight: 2 })).body['type']).toBe('unknown-provider');
    expect((await remove('nobody')).body['type']).toBe('unknown-provider');
  });

  it('loses none of many changes at once', async () => {
    const name = await world.aProvider(app);
    const changes = [
      ...[{ weight: 9 }, { priority: 9 }, { kind: 'nine' }, { tags: ['nine'] }, { models: ['nine'] }],
      ...[{ policy: { unhealthyAfter: 9 } }, { policy: { healthyAfter: 9 } }, { costPerMillionTokens: 9 }],
    ];
    const answers = await Promise.all(changes.map((change) => patch(name, change)));
    expect(answers.map((answer) => answer.status)).toEqual(changes.map(() => 200));
    expect(await get(name)).toMatchObject({
      ...{ weight: 9, priority: 9, kind: 'nine', tags: ['nine'], models: ['nine'], costPerMillionTokens: 9 },
      policy: { unhealthyAfter: 9, healthyAfter: 9 },
    });
  });

  it('judges the next outcome by a lowered policy, and keeps what was counted', async () => {
    const name = await world.aProvider(app);
    await fail(name, 3);
    expect(await status(name)).toMatchObject({ status: 'degraded', consecutiveFailures: 3 });
    await patch(name, { policy: { unhealthyAfter: 2 } });
    expect(await status(name)).toMatchObject({ status: 'degraded', consecutiveFailures: 3 });
    await fail(name, 1);
    expect(await status(name)).toMatchObject({ status: 'unhealthy', consecutiveFailures: 4, version: 2 });
  });

  it('deletes a provider with its live state and its key, and tells clients and the trail', async () => {
    const name = await world.aProvider(app, { apiKey: 'sk-0123456789-0123' });
    await fail(name, 1);
    const told: unknown[] = [];
    const receiver = app.get<BroadcastReceiver>(BroadcastReceiver, { strict: false });
    await new Promise<void>((resolve) => {
      receiver.subscribe('providers.changed', {
        apply: (payload: unknown) => void told.push(payload),
        reload: resolve,
      });
    });
    expect((await remove(name)).status).toBe(204);
    expect((await remove(name)).status).toBe(404);
    for (const path of ['', '/status', '/history'])
      expect((await world.call(app, 'GET', `/v1/providers/${name}${path}`)).status).toBe(404);
    const body = { class: 'server' };
    expect((await world.call(app, 'POST', `/v1/providers/${name}/failures`, { body })).status).toBe(404);
    expect(await world.redis.exists(hashOf(name))).toBe(0);
    expect(await query(`SELECT 1 FROM provider_key WHERE provider = $1`, [name])).toEqual([]);
    expect((await world.events(app, name)).at(-1)).toMatchObject({ action: 'provider.deleted' });
    await eventually('clients are told', () =>
      told.some((payload) => (payload as { removed?: string }).removed === name),
    );
  }, 30_000);

  it('ends the incident of a provider that is deleted, and begins none afterwards', async () => {
    const name = await world.aProvider(app);
    await fail(name, 3);
    const incidents = () =>
      query<{ id: string; open: boolean }>(
        `SELECT id, closed_at IS NULL AS open FROM incident WHERE provider = $1`,
        [name],
      );
    await eventually('it has one', async () => (await incidents()).length === 1);
    expect((await remove(name)).status).toBe(204);
    const [incident, ...more] = await incidents();
    expect([incident?.open, more]).toEqual([false, []]);
    expect((await world.events(app, name)).at(-1)).toMatchObject({
      ...{ action: 'provider.deleted', details: { incidentEnded: incident?.id } },
    });
    // What became of it at that moment is written down when it is gone.
    const late: StatusChange = {
      ...{ provider: name, from: 'degraded', to: 'unhealthy', version: 2 },
      ...{ reason: 'consecutive-failures', at: new Date().toISOString() },
    };
    await app.get(TransitionRecorder).record(late, () => Promise.resolve(true));
    expect((await incidents()).map(({ open }) => open)).toEqual([false]);
  }, 30_000);

  it('begins healthy under the name of a deleted one, and goes on from its version', async () => {
    const name = await world.aProvider(app);
    await fail(name, 5);
    await remove(name);
    expect((await create(name)).status).toBe(201);
    expect(await status(name)).toMatchObject({ status: 'healthy', version: 2, consecutiveFailures: 0 });
    await fail(name, 3);
    expect(await status(name)).toMatchObject({ status: 'degraded', version: 3 });
    await eventually('all are written down', async () => (await historyOf(name)).length === 3);
    expect((await historyOf(name)).map(({ version }) => version)).toEqual([3, 2, 1]);
  }, 30_000);

  it('is healthy and numbered on also when Redis has lost the new and the old one', async () => {
    const name = await world.aProvider(app);
    await fail(name, 5);
    await eventually('both are written down', async () => (await historyOf(name)).length === 2);
    await remove(name);
    await create(name);
    await world.redis.del(hashOf(name));
    expect(await status(name)).toMatchObject({ status: 'healthy', version: 2 });
  }, 30_000);

  it.each(['1 hour', '-1 hour'])(
    'tells its own past from that of another by versions, on a host whose clock is off by %s',
    async (off) => {
      const name = await world.aProvider(app);
      await fail(name, 5);
      await remove(name);
      await create(name);
      const shift = 'UPDATE provider SET created_at = created_at + $2::interval WHERE name = $1';
      await query(shift, [name, off]);
      await world.redis.del(hashOf(name));
      expect(await status(name)).toMatchObject({ status: 'healthy', version: 2 });
      await fail(name, 3);
      await eventually('it is written down', async () => (await historyOf(name)).length === 3);
      await world.redis.del(hashOf(name));
      expect(await status(name)).toMatchObject({ status: 'degraded', version: 3 });
    },
    30_000,
  );

  it('agrees with PostgreSQL after many deletions and creations at once', async () => {
    const name = world.aName();
    for (let round = 0; round < 5; round++)
      await Promise.all([create(name), remove(name), create(name), status(name), remove(name), create(name)]);
    await create(name);
    await fail(name, 1);
    expect(await status(name)).toMatchObject({ status: 'healthy', consecutiveFailures: 1 });
    await remove(name);
    expect(await status(name)).toMatchObject({ type: 'unknown-provider' });
  }, 60_000);
});
