import { HealthCheck } from '@gatehouse/provider-health-contracts';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { CheckFinding } from '../../src/health-checks/check-outcome.js';
import { HealthCheckRecorder } from '../../src/health-checks/health-check.recorder.js';
import { ProviderWorld } from './provider-world.js';

describe('what scheduled checks find', () => {
  const world = new ProviderWorld();
  const apps: NestFastifyApplication[] = [];
  const first = () => apps[0] as NestFastifyApplication;
  const status = async (name: string) =>
    (await world.call(first(), 'GET', `/v1/providers/${name}/status`)).body;
  const record = (app: NestFastifyApplication, name: string, slot: number, found: Partial<CheckFinding>) => {
    const finding = { name, ok: true, responseTimeMs: 1, at: new Date().toISOString(), ...found };
    const healthCheck = HealthCheck.parse({ type: 'tcp', intervalSeconds: 60 });
    const provider = { name, baseUrl: 'https://api.example.test', healthCheck };
    return app.get(HealthCheckRecorder).record({ provider, slot }, finding);
  };
  const FAILED = { ok: false, class: 'server', message: 'no' } as const;

  beforeAll(async () => {
    await world.open();
    for (let replica = 0; replica < 2; replica++) apps.push(await world.start());
  }, 120_000);
  afterAll(() => world.close(), 60_000);

  it('counts once for each slot, and never after a later one, whichever replica comes with it', async () => {
    const name = await world.aProvider(first());
    await Promise.all(apps.flatMap((app) => [1, 2, 3].map(() => record(app, name, 2_000, FAILED))));
    expect(await status(name)).toMatchObject({ consecutiveFailures: 1 });
    for (const app of apps) await record(app, name, 1_000, FAILED);
    expect(await status(name)).toMatchObject({ consecutiveFailures: 1 });
    for (const app of apps) await record(app, name, 3_000, FAILED);
    expect(await status(name)).toMatchObject({ consecutiveFailures: 2 });
  });

  it('counts also where Redis has lost the provider, and for nothing where it is gone', async () => {
    const name = await world.aProvider(first());
    await world.redis.del(`${world.namespace}:{providers}:health:${name}`);
    await record(first(), name, 1_000, FAILED);
    expect(await status(name)).toMatchObject({ consecutiveFailures: 1 });
    await world.call(first(), 'DELETE', `/v1/providers/${name}`);
    await record(first(), name, 2_000, FAILED);
    expect(await status(name)).toMatchObject({ type: 'unknown-provider' });
  });

  it('counts for nothing while the replica reaches no provider, which operators can see', async () => {
    const names = await Promise.all([world.aProvider(first()), world.aProvider(first())]);
    const unreached = { ok: false, class: 'network', message: 'not reached' } as const;
    const seen = async () => {
      const [metrics, ready] = await Promise.all(
        ['/metrics', '/health/ready'].map((url) => first().inject({ method: 'GET', url })),
      );
      return [
        /^gatehouse_health_checks_self_suspicion (\d)$/m.exec(metrics?.body ?? '')?.[1],
        (ready?.json<{ details: Record<string, object> }>().details ?? {})['health-checks'],
      ];
    };
    // What the checks before this one reached says nothing any more.
    const app = await world.start();
    apps.unshift(app);
    expect(await seen()).toEqual(['0', expect.objectContaining({ suspectsItself: false })]);
    for (const [index, name] of [...names, ...names].entries())
      await record(app, name, 1_000 * (index + 1), unreached);
    expect(await seen()).toEqual(['1', expect.objectContaining({ suspectsItself: true })]);
    const failures = await Promise.all(
      names.map(async (name) => (await status(name))['consecutiveFailures']),
    );
    expect(failures).toEqual([1, 0]);
    await record(app, names[0], 9_000, {});
    expect(await seen()).toEqual(['0', expect.objectContaining({ suspectsItself: false })]);
  }, 60_000);
});
