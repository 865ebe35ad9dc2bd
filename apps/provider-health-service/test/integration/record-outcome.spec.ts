import { DEFAULT_HEALTH_POLICY, type FailureClass } from '@gatehouse/provider-health-contracts';
import { createRedis, firstConnection, type RedisConnection, toFields } from '@gatehouse/redis';
import fc from 'fast-check';
import { freshNamespace, removeNamespace, testRedisSettings } from '../../../../test/support/redis.js';
import { HealthRepository, type ReportedOutcome } from '../../src/health-tracking/health.repository.js';
import {
  NEW_PROVIDER,
  type Outcome,
  type ProviderHealth,
  recordOutcome,
} from '@gatehouse/provider-health-rules';
import { readTransition } from '../../src/events/transition-record.js';
import { anEnvironment } from '../an-environment.js';

const T0 = 1_700_000_000_000;
const policy = DEFAULT_HEALTH_POLICY;

const toOutcome = (reported: ReportedOutcome): Outcome =>
  reported.kind === 'success'
    ? { kind: 'success', version: reported.version }
    : {
        kind: 'failure',
        class: reported.kind,
        retryAfterMs: reported.retryAfterMs,
        version: reported.version,
      };

describe('record-outcome.lua', () => {
  const namespace = freshNamespace('record-outcome');
  const connections: RedisConnection[] = [];
  const connect = () => {
    const redis = createRedis(testRedisSettings(), { name: 'test', role: 'commands' });
    connections.push(redis);
    return redis;
  };
  let redis: RedisConnection;
  let health: HealthRepository;
  let count = 0;

  const aProvider = async () => {
    const name = `provider-${count++}`;
    await health.seed({ name, policy, status: 'healthy', version: 0 });
    return name;
  };
  const transitionsOf = async (name: string) => {
    const entries = await redis.xrange(`${namespace}:{providers}:transitions`, '-', '+');
    return entries
      .map(([, fields]) => readTransition(toFields(fields)))
      .filter(({ provider }) => provider === name);
  };

  beforeAll(async () => {
    redis = connect();
    await firstConnection(redis, 5_000);
    health = new HealthRepository(redis, anEnvironment({ namespace }));
  });

  afterAll(async () => {
    for (const connection of connections) connection.disconnect();
    await removeNamespace(namespace);
  });

  it('decides as the plain function does, whatever the sequence', async () => {
    const classes: FailureClass[] = [
      'server',
      'timeout',
      'network',
      'overload',
      'auth',
      'quota',
      'rate-limited',
      'client',
      'cancelled',
    ];
    const aStep = fc.record({
      kind: fc.oneof(
        { weight: 2, arbitrary: fc.constant('success' as const) },
        { weight: 3, arbitrary: fc.constant('server' as const) },
        { weight: 2, arbitrary: fc.constantFrom(...classes) },
      ),
      retryAfterMs: fc.constantFrom(0, 1_000, 60_000, 400_000),
      version: fc.option(fc.integer({ min: 0, max: 8 }), { nil: undefined }),
      wait: fc.constantFrom(0, 1, 1_000, 299_999, 300_000, 3_600_000, 3_600_001),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(aStep, { minLength: 1, maxLength: 40 }), async (steps) => {
        const name = await aProvider();
        let expected: ProviderHealth = NEW_PROVIDER;
        const transitions: object[] = [];
        let now = T0;
        for (const { wait, ...outcome } of steps) {
          now += wait;
          const step = recordOutcome(expected, toOutcome(outcome), now, policy);
          expected = step.health;
          if (step.transition !== undefined) {
            transitions.push({ provider: name, ...step.transition, at: new Date(now).toISOString() });
          }
          const reading = await health.record(name, outcome, now);
          expect(reading?.provider.health).toEqual(expected);
        }
        expect(await transitionsOf(name)).toEqual(transitions);
      }),
      { numRuns: 150 },
    );
  });

  it('counts an outcome once however often it is reported', async () => {
    const name = await aProvider();
    const report = { kind: 'server' as const, outcomeId: 'o-1', message: 'first' };
    await Promise.all(Array.from({ length: 20 }, () => health.record(name, report)));
    const repeated = await health.record(name, { ...report, message: 'again' });
    expect(repeated?.provider).toMatchObject({ health: { failures: 1 }, lastFailure: { message: 'first' } });
    expect((await health.record(name, { ...report, outcomeId: 'o-2' }))?.provider.health.failures).toBe(2);
    const ttl = await redis.pttl(`${namespace}:{providers}:outcome:${name}:o-1`);
    expect(ttl).toBeGreaterThan(590_000);
  });

  it('counts for the fleet: a hundred failures over four connections make two transitions', async () => {
    const name = await aProvider();
    const fleet = [
      health,
      ...[1, 2, 3].map(() => new HealthRepository(connect(), anEnvironment({ namespace }))),
    ];
    for (const connection of connections) await firstConnection(connection, 5_000);
    const readings = await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        (fleet[index % 4] as HealthRepository).record(name, { kind: 'timeout' }),
      ),
    );
    const counts = readings.map((reading) => reading?.provider.health.failures).sort((a = 0, b = 0) => a - b);
    // The first five are counted one by one; what comes while it is unhealthy changes nothing.
    expect(counts.slice(0, 5)).toEqual([1, 2, 3, 4, 5]);
    expect(new Set(counts.slice(5))).toEqual(new Set([5]));
    expect((await transitionsOf(name)).map(({ to, version }) => [to, version])).toEqual([
      ['degraded', 1],
      ['unhealthy', 2],
    ]);
  });

  it('knows nothing of a provider that was not laid down, and lays one down once', async () => {
    expect(await health.record('nobody', { kind: 'success' })).toBeUndefined();
    const name = await aProvider();
    await health.record(name, { kind: 'server' });
    await health.seed({ name, policy, status: 'healthy', version: 0 });
    expect((await health.read([name, 'nobody'])).providers.map((found) => found?.health.failures)).toEqual([
      1,
      undefined,
    ]);
  });

  it('goes on with the clock of Redis and keeps what was measured', async () => {
    const name = await aProvider();
    const reading = await health.record(name, { kind: 'success', responseTimeMs: 12.5 });
    const [seconds] = await redis.time();
    expect(Math.abs((reading?.now ?? 0) / 1000 - Number(seconds))).toBeLessThanOrEqual(2);
    expect(reading?.provider.lastResponseMs).toBe(12.5);
  });
});
