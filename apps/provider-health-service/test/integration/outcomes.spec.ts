import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ProviderWorld } from './provider-world.js';

describe('a batch of outcomes', () => {
  const world = new ProviderWorld();
  let app: NestFastifyApplication;
  const report = (outcomes: object[], as = 'user') =>
    world.call(app, 'POST', '/v1/providers/outcomes', { body: { outcomes }, as });
  const status = async (name: string) => (await world.call(app, 'GET', `/v1/providers/${name}/status`)).body;

  beforeAll(async () => {
    await world.open();
    app = await world.start();
  }, 60_000);

  afterAll(() => world.close(), 30_000);

  it('counts each outcome of the providers that there are, and refuses the others one by one', async () => {
    const [first, second] = [await world.aProvider(app), await world.aProvider(app)];
    const answer = await report([
      { name: first, class: 'server', outcomeId: 'a' },
      { name: 'nobody', class: 'server' },
      { name: second, responseTimeMs: 5 },
      { name: first, class: 'server', outcomeId: 'a' },
      { name: first, class: 'timeout' },
    ]);
    const accepted = { name: first, accepted: true, status: 'healthy', version: 0 };
    expect([answer.status, answer.body['results']]).toEqual([
      200,
      [
        accepted,
        {
          ...{ name: 'nobody', accepted: false },
          problem: { type: 'unknown-provider', title: 'There is no such provider', status: 404 },
        },
        { ...accepted, name: second },
        accepted,
        accepted,
      ],
    ]);
    expect([await status(first), await status(second)]).toEqual([
      expect.objectContaining({ consecutiveFailures: 2 }),
      expect.objectContaining({ consecutiveSuccesses: 1, responseTimeMs: { last: 5 } }),
    ]);
  });

  it('may hold a thousand with the longest of messages, and no more', async () => {
    const name = await world.aProvider(app);
    const outcomes = Array.from({ length: 1_000 }, (_, index) => ({
      ...{ name, class: 'client', outcomeId: `o-${index}`, message: 'm'.repeat(1_024) },
    }));
    const answer = await report(outcomes);
    expect([answer.status, (answer.body['results'] as unknown[]).length]).toEqual([200, 1_000]);
    expect((await report([...outcomes, { name, responseTimeMs: 1 }])).status).toBe(400);
    expect((await report([{ name, class: 'server' }], 'viewer')).status).toBe(403);
    expect(await status(name)).toMatchObject({ consecutiveFailures: 0, consecutiveSuccesses: 0 });
  }, 60_000);

  it('gives one permit of a half-open provider at a time, and none is needed of a healthy one', async () => {
    const name = await world.aProvider(app, { policy: { unhealthySeconds: 1 } });
    const permit = () => world.call(app, 'POST', `/v1/providers/${name}/permits`, { as: 'user' });
    expect(await permit()).toMatchObject({ status: 201, body: { permit: null } });
    await report(Array.from({ length: 5 }, () => ({ name, class: 'server' })));
    expect((await permit()).body).toMatchObject({ type: 'no-permit', status: 409 });
    let granted = await permit();
    while (granted.status !== 201) granted = await permit();
    expect((await permit()).status).toBe(409);
    await report([{ name, class: 'client', permit: granted.body['permit'] }]);
    expect((await permit()).status).toBe(201);
  }, 60_000);
});
