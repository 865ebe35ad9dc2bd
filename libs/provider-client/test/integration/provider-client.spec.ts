import { Logger } from '@nestjs/common';
import {
  openProviderClient,
  type OpenProviderClient,
  type ProviderClientOptions,
} from '@gatehouse/provider-client';
import { eventually, eventuallyHolds } from '../../../../test/support/eventually.js';
import { testRedisSettings } from '../../../../test/support/redis.js';
import { ProviderFleet } from '../provider-fleet.js';

// What is away is warned of: here it is meant to be so.
beforeAll(() => void Logger.overrideLogger(false));

const SERVER = { class: 'server', message: 'it failed' } as const;
const SERVED = { responseTimeMs: 5 };

describe('a provider client', () => {
  let fleet: ProviderFleet;
  const opened: OpenProviderClient[] = [];

  const open = async (options: Partial<ProviderClientOptions> = {}) => {
    const client = await openProviderClient({
      ...{ redis: testRedisSettings(), namespace: fleet.namespace, localAfterMs: 300, requestTimeoutMs: 500 },
      ...options,
    });
    opened.push(client);
    return client;
  };

  beforeEach(async () => {
    fleet = new ProviderFleet();
    for (const name of ['one', 'two', 'three']) fleet.add(name);
    await fleet.start();
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((client) => client.close()));
    await fleet.end();
  });

  it('says what the fleet knows, of which version and how old', async () => {
    const { client } = await open();
    await client.whenReady();
    await fleet.set('two', { status: 'degraded', version: 3 });
    await eventuallyHolds(() => expect(client.isProviderHealthy('two').healthy).toBe(false));
    const { ageMs, ...answer } = client.isProviderHealthy('two');
    expect(answer).toEqual({ healthy: false, status: 'degraded', version: 3 });
    expect(ageMs).toBeLessThan(30_000);
    expect(client.isProviderAvailable('two')).toMatchObject({ available: true, reason: 'degraded' });
    expect(client.getFallbackChain({ primary: 'two', fallbacks: ['one', 'two'] })).toMatchObject({
      chain: [{ name: 'one' }, { name: 'two' }],
      panic: false,
      version: 3,
    });
    expect(client.getHealthyProvider(['two', 'three'])).toMatchObject({ name: 'three', version: 0 });
    await fleet.remove('three');
    await eventually(
      'it is gone',
      () => thrownBy(() => client.isProviderHealthy('three')).type === 'unknown-provider',
    );
  });

  it('says of each why not when none may be called', async () => {
    const { client } = await open();
    await client.whenReady();
    const until = Date.now() + 60_000;
    await fleet.set('one', { status: 'unhealthy', unhealthyUntil: until });
    await fleet.set('two', { closedUntil: until });
    await eventuallyHolds(() => expect(client.isProviderAvailable('two').available).toBe(false));
    expect(thrownBy(() => client.getHealthyProvider(['one', 'two']))).toMatchObject({
      type: 'no-provider-available',
      errors: [
        { path: 'one', message: 'timeout' },
        { path: 'two', message: 'rate-limited' },
      ],
    });
    expect(client.read(['one', 'two', 'three']).providers.map(({ availableAt }) => availableAt)).toEqual([
      until,
      until,
      undefined,
    ]);
    expect(client.getFallbackChain({ primary: 'one', fallbacks: ['two'] })).toMatchObject({
      chain: [],
      panic: true,
    });
  });

  it('knows nothing before the first load, and says so', async () => {
    await fleet.stop();
    const { client } = await open();
    expect(thrownBy(() => client.isProviderHealthy('one'))).toMatchObject({ type: 'providers-unknown' });
    await expect(client.check()).rejects.toThrow('never loaded');
    client.recordProviderFailure('one', SERVER);
    await fleet.start();
    await client.whenReady();
    await expect(client.check()).resolves.toMatchObject({ providers: 3 });
    await eventuallyHolds(() => expect(fleet.health('one').failures).toBe(1));
  });

  it('reports what it is told at once and without a wait, each outcome once', async () => {
    const clients = await Promise.all([open(), open(), open(), open()]);
    await Promise.all(clients.map(({ client }) => client.whenReady()));
    for (let n = 0; n < 250; n++)
      for (const { client } of clients) client.recordProviderSuccess('one', SERVED);
    clients[0]?.client.recordProviderFailure('nobody', SERVER);
    await eventuallyHolds(() => expect(fleet.counted).toHaveLength(1_000));
    expect(fleet.health('one').successes).toBe(1_000);
    expect(fleet.batches.length).toBeLessThan(200);
    await eventually('the refused one is counted', async () =>
      /dropped_total{reason="refused"} 1/.test((await clients[0]?.metrics.registry.metrics()) ?? ''),
    );
  });

  it('has five failures of four processes count as five, and all of them see it', async () => {
    const clients = await Promise.all([open(), open(), open(), open()]);
    await Promise.all(clients.map(({ client }) => client.whenReady()));
    for (const index of [0, 1, 2, 3, 0]) clients[index]?.client.recordProviderFailure('one', SERVER);
    await eventuallyHolds(() => {
      for (const { client } of clients)
        expect(client.isProviderAvailable('one')).toMatchObject({
          available: false,
          reason: 'timeout',
          version: 2,
        });
    });
    expect(fleet.counted).toHaveLength(5);
  });

  it('leaves out an outcome that is none, and a batch too large goes in parts', async () => {
    const { client, metrics } = await open({ batchMs: 1 });
    await client.whenReady();
    client.recordProviderSuccess('one', { responseTimeMs: Number.NaN });
    for (let n = 0; n < 1_000; n++)
      client.recordProviderFailure('two', { class: 'client', message: '\u{1F600}'.repeat(500) });
    await eventuallyHolds(() => expect(fleet.counted).toHaveLength(1_000));
    expect(Math.max(...fleet.batches.map(({ outcomes }) => outcomes.length))).toBeLessThan(1_000);
    expect(await metrics.registry.metrics()).toMatch(/dropped_total{reason="refused"} 1/);
  });

  it('asks the fleet for a permit where one is needed', async () => {
    const [a, b] = await Promise.all([open(), open()]);
    await Promise.all([a.client.whenReady(), b.client.whenReady()]);
    expect(await a.client.acquirePermit('one')).toEqual({ permit: null, expiresAt: null });
    await fleet.set('one', { status: 'unhealthy', version: 2, unhealthyUntil: Date.now() - 1 });
    await eventuallyHolds(() => {
      for (const { client } of [a, b]) expect(client.isProviderAvailable('one').reason).toBe('half-open');
    });
    const { permit } = await a.client.acquirePermit('one');
    expect(permit).toEqual(expect.any(String));
    await expect(b.client.acquirePermit('one')).rejects.toMatchObject({ type: 'no-permit', status: 409 });
    a.client.recordProviderSuccess('one', { ...SERVED, permit: permit ?? '', version: 2 });
    await eventuallyHolds(() => expect(fleet.permits.size).toBe(0));
    expect((await b.client.acquirePermit('one')).permit).not.toBeNull();
  });
});

function thrownBy(work: () => unknown): { type?: string } {
  try {
    work();
    return {};
  } catch (error) {
    return error as { type?: string };
  }
}
