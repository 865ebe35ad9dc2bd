import { Writable } from 'node:stream';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createPino, ServiceLogger } from '@gatehouse/service-bootstrap';
import { eventually } from '../../../../test/support/eventually.js';
import { answering, hanging, type Upstream } from '../../../../test/support/upstreams.js';
import { ProviderHealthTracker } from '../../src/health-tracking/provider-health.tracker.js';
import { ProviderWorld } from './provider-world.js';

const REPLICAS = 5;
const KEY = 'sk-planted-key-that-nobody-may-see';
const PLANTED = 'planted-value-of-a-header';
const admin = { id: 'admin', type: 'user' } as never;

describe('scheduled checks', () => {
  const world = new ProviderWorld();
  const upstreams: Upstream[] = [];
  const lines: string[] = [];
  const apps: NestFastifyApplication[] = [];

  const up = async <Kind extends Upstream>(upstream: Promise<Kind>): Promise<Kind> => {
    const started = await upstream;
    upstreams.push(started);
    return started;
  };
  const first = () => apps[0] as NestFastifyApplication;
  const at = (upstream: Upstream) => `http://127.0.0.1:${upstream.port}`;
  const aCheck = (more: object = {}) => ({
    ...{ type: 'http', intervalSeconds: 1, timeoutMs: 1_000, jitter: 0, suppressWhenTraffic: false },
    ...more,
  });
  const status = async (name: string) => first().get(ProviderHealthTracker).getProviderStatus(name);
  const slotOf = async (name: string) =>
    Number(await world.redis.hget(`${world.namespace}:{providers}:check:${name}`, 'slot'));

  beforeAll(async () => {
    await world.open();
    for (let replica = 0; replica < REPLICAS; replica++) apps.push(await world.start());
    const sink = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        lines.push(chunk.toString());
        done();
      },
    });
    for (const app of apps) app.useLogger(new ServiceLogger(createPino('test', 'trace', sink)));
  }, 240_000);
  afterEach(() => Promise.all(upstreams.splice(0).map((upstream) => upstream.close())));
  afterAll(() => world.close(), 120_000);

  it('ask once for each slot, whatever the replicas', async () => {
    const slots = new Set<number>();
    const seen: string[] = [];
    const upstream = await up(
      answering((request, response) => {
        seen.push(String(request.headers.authorization));
        response.end();
      }),
    );
    const name = await world.aProvider(first(), {
      ...{ baseUrl: at(upstream), apiKey: KEY },
      healthCheck: aCheck({ headers: { authorization: 'Bearer {{apiKey}}', 'x-other': PLANTED } }),
    });
    await eventually(
      'six slots',
      async () => {
        slots.add(await slotOf(name));
        return slots.size > 6;
      },
      { everyMs: 20 },
    );
    const asked = seen.length;
    // One of them was the state before the first; what is still on its way was not asked yet.
    expect(asked).toBeGreaterThanOrEqual(4);
    expect(asked).toBeLessThanOrEqual(slots.size);
    expect(new Set(seen)).toEqual(new Set([`Bearer ${KEY}`]));
    await eventually('it counts', async () => (await status(name)).consecutiveSuccesses >= 3);
    expect(lines.join('')).not.toContain(KEY);
    expect(lines.join('')).not.toContain(PLANTED);
  }, 120_000);

  it('take a provider down and up again, also from half-open', async () => {
    let healthy = false;
    const upstream = await up(
      answering((_request, response) => response.writeHead(healthy ? 200 : 500).end()),
    );
    const policy = { unhealthySeconds: 2 };
    const name = await world.aProvider(first(), { baseUrl: at(upstream), policy, healthCheck: aCheck() });
    await eventually('it is unhealthy', async () => (await status(name)).status === 'unhealthy');
    healthy = true;
    await eventually('it is healthy', async () => (await status(name)).status === 'healthy');
  }, 120_000);

  it('are not held up by one that hangs', async () => {
    const silent = await up(hanging());
    const upstream = await up(answering((_request, response) => response.end()));
    for (let index = 0; index < 20; index++)
      await world.aProvider(first(), {
        ...{ baseUrl: at(silent), healthCheck: aCheck({ intervalSeconds: 60, timeoutMs: 60_000 }) },
      });
    const name = await world.aProvider(first(), { baseUrl: at(upstream), healthCheck: aCheck() });
    await eventually('it is checked', async () => (await status(name)).consecutiveSuccesses >= 3);
  }, 120_000);

  it('change their schedule, told to the trail', async () => {
    const name = await world.aProvider(first(), { healthCheck: aCheck({ intervalSeconds: 86_400 }) });
    const tracker = first().get(ProviderHealthTracker);
    const changed = await tracker.scheduleHealthChecks(name, { intervalSeconds: 43_200, jitter: 0.2 }, admin);
    expect(changed.healthCheck).toMatchObject({
      type: 'http',
      intervalSeconds: 43_200,
      jitter: 0.2,
      timeoutMs: 1_000,
    });
    await expect(
      tracker.scheduleHealthChecks(name, { timeoutMs: 60_000, intervalSeconds: 1 }, admin),
    ).rejects.toThrow('The request is not valid');
    expect((await world.events(first(), name)).map(({ action }) => action)).toEqual([
      'provider.created',
      'provider.checks-scheduled',
    ]);
  }, 60_000);
});
