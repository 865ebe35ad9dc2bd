import { jest } from '@jest/globals';
import { HealthCheck } from '@gatehouse/provider-health-contracts';
import { Redis } from 'ioredis';
import { eventually } from '../../../../test/support/eventually.js';
import { freshNamespace, testRedisUrl } from '../../../../test/support/redis.js';
import { CheckClaimRepository } from '../../src/health-checks/check-claim.repository.js';
import { anEnvironment } from '../an-environment.js';

const REPLICAS = 5;

describe('claims of checks', () => {
  const namespace = freshNamespace('check-claims');
  const environment = anEnvironment({ namespace });
  const connections = Array.from({ length: REPLICAS }, () => new Redis(testRedisUrl()));
  const replicas = connections.map((redis) => new CheckClaimRepository(redis, environment));
  const [redis] = connections as [Redis];
  const [claims] = replicas as [CheckClaimRepository];
  let count = 0;

  const aProvider = (more: object = {}) => ({
    ...{ name: `provider-${count++}`, baseUrl: 'https://api.example.test' },
    // Slots of an hour: none ends within a test, but for one that starts at the very end of an hour.
    healthCheck: HealthCheck.parse({ type: 'tcp', intervalSeconds: 3_600, jitter: 0, ...more }),
  });
  type Checked = ReturnType<typeof aProvider>;
  const all = { room: 100, patience: 0 };
  const claim = async (provider: Checked, of = all) => (await claims.claim([provider], of)).length;
  const lay = (name: string, fields: Record<string, string | number>) =>
    redis.hset(`${namespace}:{providers}:health:${name}`, { name, version: 7, ...fields });
  const now = async () => Number((await redis.time())[0]) * 1_000;

  /** Of which so much has passed now, about: nothing begins or ends within a test. */
  const anInterval = async (passed: number) => {
    const seconds = (await now()) / 1_000;
    const candidates = Array.from({ length: 10_000 }, (_, index) => 5_000 + index);
    return candidates.find((length) => Math.abs((seconds % length) / length - passed) < 0.02) as number;
  };

  afterAll(() => connections.forEach((connection) => connection.disconnect()));

  it('give a slot to one of five replicas, and to nobody again', async () => {
    const providers = Array.from({ length: 20 }, () => aProvider());
    const claimed = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        (replicas[index % REPLICAS] as CheckClaimRepository).claim(providers, all),
      ),
    );
    const names = claimed.flatMap((some) => some.map(({ provider }) => provider.name));
    expect(names.sort()).toEqual(providers.map(({ name }) => name).sort());
    expect(await claims.claim(providers, all)).toEqual([]);
  });

  it('go by the clock of Redis, whatever that of a replica says', async () => {
    const provider = aProvider();
    expect(await claim(provider)).toBe(1);
    const clock = jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 86_400_000);
    try {
      expect(await claim(provider)).toBe(0);
    } finally {
      clock.mockRestore();
    }
  });

  it('take no more than there is room for, and the rest later', async () => {
    const providers = Array.from({ length: 5 }, () => aProvider());
    expect(await claims.claim(providers, { room: 3, patience: 0 })).toHaveLength(3);
    expect(await claims.claim(providers, all)).toHaveLength(2);
  });

  it('carry the version under which the check begins', async () => {
    const [known, unknown] = [aProvider(), aProvider()];
    await lay(known.name, { status: 'healthy' });
    const claimed = await claims.claim([known, unknown], all);
    expect(claimed.map(({ version }) => version)).toEqual([7, undefined]);
  });

  it('come again in the next slot', async () => {
    const provider = aProvider({ intervalSeconds: 1, timeoutMs: 1_000 });
    const slots: number[] = [];
    await eventually('three slots', async () => {
      slots.push(...(await claims.claim([provider], all)).map(({ slot }) => slot));
      return slots.length >= 3;
    });
    expect(new Set(slots).size).toBe(3);
    expect(slots.every((slot, index) => slot % 1_000 === 0 && slot > (slots[index - 1] ?? 0))).toBe(true);
  });

  it.each([
    ['healthy', { status: 'healthy' }, 0],
    ['unhealthy and waiting', { status: 'unhealthy', unhealthyUntil: 4_102_444_800_000 }, 0],
    ['degraded', { status: 'degraded' }, 1],
    ['half-open', { status: 'unhealthy', unhealthyUntil: 1 }, 1],
    ['misconfigured', { status: 'healthy', misconfigured: 'auth' }, 1],
  ])('of a provider that is %s', async (_what, fields, again) => {
    const intervalSeconds = await anInterval(0.5);
    const provider = aProvider({ intervalSeconds });
    await lay(provider.name, { status: 'healthy' });
    const begun = Math.floor((await now()) / 1_000 / intervalSeconds) * intervalSeconds;
    await redis.hset(`${namespace}:{providers}:check:${provider.name}`, 'slot', begun * 1_000);
    expect(await claim(provider)).toBe(0);
    // The second third of the interval has begun since: a slot of its own while the provider changes its status.
    await lay(provider.name, fields);
    expect(await claim(provider)).toBe(again);
  });

  it('are suppressed while calls tell how the provider is', async () => {
    const fresh = { status: 'healthy', lastSuccessAt: (await now()) - 5_000 };
    const quiet = { status: 'healthy', lastSuccessAt: (await now()) - 7_200_000 };
    const [suppressed, old, unsuppressed, halfOpen] = [
      ...[aProvider(), aProvider(), aProvider({ suppressWhenTraffic: false }), aProvider()],
    ] as [Checked, Checked, Checked, Checked];
    await lay(suppressed.name, fresh);
    await lay(old.name, quiet);
    await lay(unsuppressed.name, fresh);
    await lay(halfOpen.name, { ...fresh, status: 'unhealthy', unhealthyUntil: 1 });
    const claimed = await claims.claim([suppressed, old, unsuppressed, halfOpen], all);
    expect(claimed.map(({ provider }) => provider.name)).toEqual([
      old.name,
      unsuppressed.name,
      halfOpen.name,
    ]);
  });

  it('are not suppressed by what a check itself has found', async () => {
    const provider = aProvider();
    const at = (await now()) - 5_000;
    await lay(provider.name, { status: 'healthy', lastSuccessAt: at });
    await claims.noteRecorded(provider.name, at);
    expect(await claim(provider)).toBe(1);
  });

  it('spread by the jitter, which all replicas agree on', async () => {
    const intervalSeconds = await anInterval(0.25);
    const providers = Array.from({ length: 200 }, () => aProvider({ intervalSeconds, jitter: 0.5 }));
    const half = await claims.claim(providers, { room: 1_000, patience: 0 });
    expect(half.length).toBeGreaterThan(60);
    expect(half.length).toBeLessThan(140);
    expect(await replicas[1]?.claim(providers, { room: 1_000, patience: 0 })).toEqual([]);
  });

  it('of a replica that doubts itself come later', async () => {
    const provider = aProvider({ intervalSeconds: await anInterval(0.3) });
    expect(await claim(provider, { room: 1, patience: 0.5 })).toBe(0);
    expect(await claim(provider)).toBe(1);
    const late = aProvider({ intervalSeconds: await anInterval(0.7) });
    expect(await claim(late, { room: 1, patience: 0.5 })).toBe(1);
  });
});
