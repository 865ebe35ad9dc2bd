import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { ServiceTokens } from '@gatehouse/access-control';
import {
  openProviderClient,
  type OpenProviderClient,
  type ProviderHealthClient,
} from '@gatehouse/provider-client';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { eventually, eventuallyHolds } from '../../../../test/support/eventually.js';
import { testRedisSettings } from '../../../../test/support/redis.js';
import { ProviderWorld } from './provider-world.js';

// What is away is warned of: here it is meant to be so.
beforeAll(() => void Logger.overrideLogger(false));

const SERVER = { class: 'server' } as const;

function isKnown(client: ProviderHealthClient, name: string): boolean {
  try {
    client.isProviderAvailable(name);
    return true;
  } catch {
    return false;
  }
}

describe('clients of provider-health-service', () => {
  const world = new ProviderWorld();
  const opened: OpenProviderClient[] = [];
  let app: NestFastifyApplication;

  const start = async () => {
    app = await world.start();
    await app.startAllMicroservices();
  };
  const open = async () => {
    const token = await world.serviceToken(['providers:*']);
    const opening = await openProviderClient({
      ...{ redis: testRedisSettings(), namespace: world.namespace, identity: async () => token },
      ...{ localAfterMs: 200, requestTimeoutMs: 2_000, responseTimesEveryMs: 200 },
    });
    opened.push(opening);
    await opening.client.whenReady();
    return opening.client;
  };
  const create = async (more: object = {}) => {
    const name = world.aName();
    const { statusCode } = await app.inject({
      ...{ method: 'POST', url: '/v1/providers' },
      headers: { authorization: `Bearer ${world.tokens.get('admin')}` },
      payload: { name, kind: 'test', baseUrl: 'https://provider.example', ...more },
    });
    expect(statusCode).toBe(201);
    return name;
  };

  beforeAll(async () => {
    await world.open();
    // auth-service is away for longer than a token lives: what clients are told of needs none.
    jest.spyOn(ServiceTokens.prototype, 'token').mockRejectedValue(new Error('auth-service is away'));
    await start();
  });
  afterAll(async () => {
    jest.restoreAllMocks();
    await Promise.all(opened.map((client) => client.close()));
    await world.close();
  });

  it('have five failures of four of them counted as five, and all of them see it', async () => {
    const name = await create();
    const clients = await Promise.all([open(), open(), open(), open()]);
    for (const index of [0, 1, 2, 3, 0]) clients[index]?.recordProviderFailure(name, SERVER);
    await eventuallyHolds(() => {
      for (const client of clients)
        expect(client.isProviderAvailable(name)).toMatchObject({
          available: false,
          reason: 'timeout',
          version: 2,
        });
    });
    expect(await clients[0]?.getProviderStatus(name)).toMatchObject({ consecutiveFailures: 5, version: 2 });
    await clients[1]?.markProviderHealthy(name);
    await eventuallyHolds(() => {
      for (const client of clients)
        expect(client.isProviderHealthy(name)).toMatchObject({ healthy: true, version: 3 });
    });
  });

  it('hear of a provider that is added, changed and deleted while they are there', async () => {
    const client = await open();
    const name = await create();
    await eventually('it is known', () => isKnown(client, name));
    const as = { authorization: `Bearer ${world.tokens.get('admin')}` };
    const url = `/v1/providers/${name}`;
    await app.inject({ method: 'PATCH', url, headers: as, payload: { policy: { degradedAfter: 1 } } });
    client.recordProviderFailure(name, SERVER);
    await eventually('one failure is enough', () => client.isProviderHealthy(name).status === 'degraded');
    expect((await app.inject({ method: 'DELETE', url, headers: as })).statusCode).toBe(204);
    await eventually('it is unknown', () => !isKnown(client, name));
  });

  it('go on by themselves while it is away, and have each outcome counted once afterwards', async () => {
    const name = await create();
    const client = await open();
    await eventually('it is known', () => client.isProviderHealthy(name).healthy);
    await world.stop(app);
    for (let n = 0; n < 3; n++) client.recordProviderFailure(name, SERVER);
    await eventuallyHolds(() =>
      expect(client.isProviderHealthy(name)).toMatchObject({ status: 'degraded', stale: true }),
    );
    await start();
    await eventually('it sees the fleet', () => client.isProviderHealthy(name).stale === undefined);
    expect(await client.getProviderStatus(name)).toMatchObject({
      status: 'degraded',
      consecutiveFailures: 3,
      version: 1,
    });
    expect(client.isProviderHealthy(name)).toMatchObject({ status: 'degraded', version: 1 });
  });

  it('have it check a provider, say when it is checked, and tell what calls came to', async () => {
    const upstream = createServer((_request, response) => response.end('ok')).listen(0, '127.0.0.1');
    await once(upstream, 'listening');
    const { port } = upstream.address() as AddressInfo;
    const healthCheck = { type: 'http', path: '/models', intervalSeconds: 3_600 };
    const name = await create({ baseUrl: `http://127.0.0.1:${port}`, healthCheck });
    const client = await open();
    expect(await client.performHealthCheck(name)).toMatchObject({
      ok: true,
      provider: { status: 'healthy' },
    });
    expect(await client.scheduleHealthChecks(name, { intervalSeconds: 60 })).toMatchObject({
      healthCheck: { intervalSeconds: 60 },
    });
    await eventuallyHolds(async () => {
      expect(await client.getProviderStats(name, '5m')).toMatchObject({ calls: 1, successes: 1 });
      expect(await client.getAllProvidersStats('5m')).toContainEqual(
        expect.objectContaining({ name, successes: 1 }),
      );
    });
    upstream.close();
  });

  it('call a provider with its API key, asked for once and anew when it is another', async () => {
    const seen: unknown[] = [];
    const upstream = createServer((request, response) => {
      seen.push(request.headers.authorization);
      response.end('{}');
    }).listen(0, '127.0.0.1');
    await once(upstream, 'listening');
    const baseUrl = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`;
    const name = await create({ baseUrl, apiKey: 'sk-first-0123456789' });
    const client = await open();
    const { keys } = opened.at(-1) as OpenProviderClient;
    await eventually('it is known', () => isKnown(client, name));
    const call = () =>
      client.execute([name], async ({ provider, signal }) => {
        const key = await keys.getProviderKey(provider.name);
        const headers = { authorization: `Bearer ${key.revealFor(provider.baseUrl)}` };
        return fetch(provider.baseUrl, { headers, signal });
      });
    for (let times = 0; times < 3; times++) await call();
    expect(seen).toEqual(Array(3).fill('Bearer sk-first-0123456789'));
    const change = (body: object) => world.call(app, 'PATCH', `/v1/providers/${name}`, { body });
    const { body } = await change({ apiKey: 'sk-second-0123456789' });
    const { keyId } = body['apiKey'] as { keyId: string };
    await eventually('it is heard of', async () => (await keys.getProviderKey(name)).keyId === keyId);
    await call();
    expect(seen.at(-1)).toBe('Bearer sk-second-0123456789');
    await change({ apiKey: null });
    await eventuallyHolds(() =>
      expect(keys.getProviderKey(name)).rejects.toMatchObject({ detail: `${name}: no-provider-key` }),
    );
    const released = (await world.events(app, name)).filter(
      ({ action }) => action === 'provider.key-released',
    );
    const ids = released.map(({ details }) => (details as { keyId: string }).keyId);
    expect(new Set(ids).size).toBe(2);
    // A question that overtakes the word of the change may ask once more.
    expect(ids.length).toBeLessThan(6);
    upstream.close();
  });

  it('begin with the response times of the fleet, and keep them over changes of the status', async () => {
    const [slow, fast] = [await create(), await create()];
    // The last of each says the opposite.
    const times = { [slow]: [500, 500, 500, 500, 1], [fast]: [10, 10, 10, 10, 900] };
    for (const [name, all] of Object.entries(times))
      for (const responseTimeMs of all)
        await world.call(app, 'POST', `/v1/providers/${name}/successes`, { body: { responseTimeMs } });
    const first = async () => {
      const query = `primary=${slow}&fallbacks=${fast}&strategy=least-latency`;
      const { body } = await world.call(app, 'GET', `/v1/providers/fallback-chain?${query}`);
      return (body['chain'] as { name: string }[])[0]?.name;
    };
    await eventuallyHolds(async () => expect(await first()).toBe(fast));
    const client = await open();
    const chain = { primary: slow, fallbacks: [fast], strategy: 'least-latency' } as const;
    expect(client.getFallbackChain(chain).chain[0]?.name).toBe(fast);
    const before = client.read([slow, fast]).providers;
    expect(before.map(({ responseTimeMs }) => responseTimeMs?.last)).toEqual([1, 900]);
    const { version } = client.getFallbackChain(chain);
    for (const name of [slow, fast]) {
      await client.markProviderDegraded(name);
      await client.markProviderHealthy(name);
    }
    await eventually('both are heard of', () => client.getFallbackChain(chain).version === version + 4);
    expect(client.getFallbackChain(chain).chain[0]?.name).toBe(fast);
    expect(client.read([fast]).providers[0]?.responseTimeMs).toMatchObject({
      p50: expect.any(Number) as number,
      p99: expect.any(Number) as number,
    });
    // The fleet measures it slower from now on, without any change of its status.
    for (let times = 0; times < 20; times++)
      await world.call(app, 'POST', `/v1/providers/${fast}/successes`, { body: { responseTimeMs: 5_000 } });
    await eventuallyHolds(() => expect(client.getFallbackChain(chain).chain[0]?.name).toBe(slow));
    expect(client.getFallbackChain(chain).version).toBe(version + 4);
  });
});
