import { Logger } from '@nestjs/common';
import { openProviderClient, type OpenProviderClient } from '@gatehouse/provider-client';
import { eventually, eventuallyHolds } from '../../../../test/support/eventually.js';
import { RedisDoor } from '../../../../test/support/redis-door.js';
import { testRedisSettings } from '../../../../test/support/redis.js';
import { ProviderFleet } from '../provider-fleet.js';

// What is away is warned of: here it is meant to be so.
beforeAll(() => void Logger.overrideLogger(false));

const SERVER = { class: 'server' } as const;

describe('a process that goes on by itself', () => {
  let fleet: ProviderFleet;
  let door: RedisDoor;
  const opened: OpenProviderClient[] = [];

  const open = async (redis = testRedisSettings()) => {
    const client = await openProviderClient({
      ...{ redis, namespace: fleet.namespace, localAfterMs: 100, requestTimeoutMs: 500 },
    });
    opened.push(client);
    await client.client.whenReady();
    return client.client;
  };
  const fail = (client: Awaited<ReturnType<typeof open>>, times: number) => {
    for (let n = 0; n < times; n++) client.recordProviderFailure('one', SERVER);
  };

  beforeEach(async () => {
    fleet = new ProviderFleet();
    for (const name of ['one', 'two']) fleet.add(name);
    door = await new RedisDoor().open();
    await fleet.start();
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((client) => client.close()));
    await door.close();
    await fleet.end();
  });

  it.each(['service', 'Redis'])(
    'sees its own failures while the %s is away, and at no moment of the return a healthy provider',
    async (part) => {
      const client = await open(door.settings);
      const other = await open();
      await (part === 'service' ? fleet.stop() : door.close());
      fail(client, 5);
      await eventuallyHolds(() => expect(client.isProviderAvailable('one').available).toBe(false));
      expect(client.isProviderAvailable('one')).toMatchObject({ reason: 'timeout', stale: true });
      expect(client.isProviderHealthy('two')).toMatchObject({ healthy: true });
      expect(await client.getProviderStatus('one')).toMatchObject({ status: 'unhealthy', stale: true });
      expect(other.isProviderHealthy('one').healthy).toBe(true);

      const wasAvailable: unknown[] = [];
      const looking = setInterval(() => {
        const seen = client.isProviderAvailable('one');
        if (seen.available) wasAvailable.push(seen);
      }, 1);
      // The return is told by nothing but the answers: no broadcast comes to help.
      fleet.tells = false;
      await (part === 'service' ? fleet.start() : door.open());
      await eventually('it sees the fleet', () => client.isProviderAvailable('one').stale === undefined);
      clearInterval(looking);
      expect(wasAvailable).toEqual([]);
      expect(fleet.counted).toHaveLength(5);
      expect(client.isProviderHealthy('one')).toMatchObject({ status: 'unhealthy', version: 2 });
    },
  );

  it('has an outcome counted once whose answer was lost', async () => {
    const client = await open();
    fleet.held = () => new Promise(() => undefined);
    fail(client, 3);
    await eventually('it came again', () => fleet.batches.length >= 3);
    fleet.held = async () => undefined;
    fail(client, 2);
    await eventually('the fleet counts', () => client.isProviderAvailable('one').stale === undefined);
    await eventuallyHolds(() => expect(fleet.counted).toHaveLength(5));
    expect(fleet.health('one')).toMatchObject({ status: 'unhealthy', version: 2 });
  });

  it('lets as many try a half-open provider as the fleet would, and heals it by itself', async () => {
    const client = await open();
    await fleet.set('one', {
      status: 'unhealthy',
      version: 2,
      unhealthyVersion: 2,
      unhealthyUntil: Date.now() - 1,
    });
    await eventuallyHolds(() => expect(client.isProviderAvailable('one').reason).toBe('half-open'));
    await fleet.stop();
    for (const ordinal of [1, 2, 3]) {
      const { permit } = await client.acquirePermit('one');
      expect(permit).toBe(`local:${ordinal}`);
      await expect(client.acquirePermit('one')).rejects.toMatchObject({ type: 'no-permit' });
      const { version } = client.isProviderAvailable('one');
      client.recordProviderSuccess('one', { responseTimeMs: 1, permit: permit ?? '', version });
    }
    await eventuallyHolds(() => expect(client.isProviderHealthy('one').healthy).toBe(true));
    await fleet.start();
    await eventuallyHolds(() => expect(fleet.health('one').status).toBe('healthy'));
    expect(fleet.counted.every((outcome) => outcome.permit === undefined && outcome.version === 2)).toBe(
      true,
    );
    await eventually('it sees the fleet', () => client.isProviderHealthy('one').stale === undefined);
  });

  it('says that it is stale when it has heard nothing for longer than it may', async () => {
    const client = await openProviderClient({
      ...{ redis: door.settings, namespace: fleet.namespace, staleAfterMs: 2_500 },
    });
    opened.push(client);
    await client.client.whenReady();
    await eventually('it is fresh', () => client.client.isProviderHealthy('one').stale === undefined);
    await door.close();
    await eventually('it is stale', () => client.client.isProviderHealthy('one').stale);
    await expect(client.client.check()).resolves.toMatchObject({ stale: true });
    await door.open();
    await eventually('it is fresh again', () => client.client.isProviderHealthy('one').stale === undefined);
  });
});
