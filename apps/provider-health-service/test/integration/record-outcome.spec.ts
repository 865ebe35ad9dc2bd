import {
  DEFAULT_HEALTH_POLICY,
  FAILURE_CLASSES,
  FailureRatePolicy,
  type HealthPolicy,
  PROVIDER_STATUSES,
} from '@gatehouse/provider-health-contracts';
import { createRedis, firstConnection, type RedisConnection, toFields } from '@gatehouse/redis';
import fc from 'fast-check';
import { freshNamespace, removeNamespace, testRedisSettings } from '../../../../test/support/redis.js';
import {
  HealthRepository,
  type Numbering,
  type ReportedOutcome,
} from '../../src/health-tracking/health.repository.js';
import {
  acquirePermit,
  liftOverride,
  markKeyReadable,
  markMisconfigured,
  markProvider,
  NEW_PROVIDER,
  type Outcome,
  type Override,
  type PermitAnswer,
  type ProviderHealth,
  putOverride,
  recordOutcome,
  settleOverride,
  type Step,
} from '@gatehouse/provider-health-rules';
import { readTransition } from '../../src/events/transition-record.js';
import { anEnvironment } from '../an-environment.js';
import { aSeed } from '../a-seed.js';

const T0 = 1_700_000_000_000;

type Report = Omit<ReportedOutcome, 'name'>;

const toOutcome = ({ kind, ...rest }: Report): Outcome =>
  kind === 'success' ? { kind, ...rest } : { kind: 'failure', class: kind, ...rest };

type Command =
  | { do: 'record'; outcomes: (Report & { permitOf?: number })[] }
  | { do: 'acquire' }
  | { do: 'mark'; status: (typeof PROVIDER_STATUSES)[number]; responseTimeMs?: number }
  | { do: 'misconfigure'; what: 'auth' | 'quota' | 'key' }
  | { do: 'readable' }
  | { do: 'override'; status: Override['status']; forMs?: number }
  | { do: 'lift' }
  | { do: 'settle' }
  | { do: 'policy'; policy: number };

const RATE = FailureRatePolicy.parse({ minimumCalls: 4, degradedFrom: 0.3, recoveredBelow: 0.2 });
const POLICIES: readonly HealthPolicy[] = [
  DEFAULT_HEALTH_POLICY,
  { ...DEFAULT_HEALTH_POLICY, probePermits: 2, unhealthySeconds: 5, failureWindowSeconds: 60 },
  { ...DEFAULT_HEALTH_POLICY, unhealthySeconds: 20, failureRate: RATE },
  {
    ...DEFAULT_HEALTH_POLICY,
    ...{ degradedAfter: 100, unhealthyAfter: 200, unhealthySeconds: 20 },
    failureRate: { ...RATE, windowSeconds: 10, unhealthyFrom: 0.6 },
  },
];

const aReport = fc.record({
  kind: fc.oneof(
    { weight: 3, arbitrary: fc.constant('success' as const) },
    { weight: 4, arbitrary: fc.constant('server' as const) },
    { weight: 3, arbitrary: fc.constantFrom(...FAILURE_CLASSES) },
  ),
  retryAfterMs: fc.constantFrom(0, 1_000, 60_000, 400_000),
  version: fc.option(fc.integer({ min: 0, max: 12 }), { nil: undefined, freq: 2 }),
  responseTimeMs: fc.option(fc.constantFrom(0, 1, 12.5, 60_000.25), { nil: undefined }),
  message: fc.constantFrom(undefined, '', 'boom ☃'),
  permitOf: fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined }),
});
const aCommand: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('record' as const),
      outcomes: fc.array(aReport, { minLength: 1, maxLength: 6 }),
    }),
  },
  { weight: 3, arbitrary: fc.constant({ do: 'acquire' as const }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('mark' as const),
      status: fc.constantFrom(...PROVIDER_STATUSES),
      responseTimeMs: fc.constantFrom(undefined, 7.5),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('override' as const),
      status: fc.constantFrom(...PROVIDER_STATUSES, 'maintenance' as const),
      forMs: fc.constantFrom(undefined, 1_000, 30_000),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'lift' as const }) },
  { weight: 1, arbitrary: fc.constant({ do: 'settle' as const }) },
  { weight: 1, arbitrary: fc.constant({ do: 'readable' as const }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('misconfigure' as const),
      what: fc.constantFrom('auth' as const, 'quota' as const, 'key' as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('policy' as const),
      policy: fc.integer({ min: 0, max: POLICIES.length - 1 }),
    }),
  },
);
const aStep = fc.record({
  wait: fc.constantFrom(0, 1, 1_000, 5_000, 20_000, 59_999, 60_000, 299_999, 300_000, 3_600_001),
  command: aCommand,
});

describe('the scripts of the state machine', () => {
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

  const aProvider = async (policy = DEFAULT_HEALTH_POLICY, now?: number) => {
    const name = `provider-${count++}`;
    await health.seed(aSeed(name, policy), now);
    return name;
  };
  const record = async (outcomes: ReportedOutcome[], numbering?: Numbering) => {
    const recorded = await health.record(outcomes, { numbering });
    if (recorded.missing !== undefined) throw new Error(`missing: ${recorded.missing.join()}`);
    return recorded;
  };
  const failuresOf = async (name: string) => (await health.read([name])).providers[0]?.health.failures;
  const entriesOf = async (name: string) => {
    const entries = await redis.xrange(`${namespace}:{providers}:transitions`, '-', '+');
    return entries.map(([, fields]) => toFields(fields)).filter(({ provider }) => provider === name);
  };
  const transitionsOf = async (name: string) =>
    (await entriesOf(name)).filter(({ misconfigured }) => misconfigured === undefined).map(readTransition);

  beforeAll(async () => {
    redis = connect();
    await firstConnection(redis, 5_000);
    health = new HealthRepository(redis, anEnvironment({ namespace }));
  });

  afterAll(async () => {
    for (const connection of connections) connection.disconnect();
    await removeNamespace(namespace);
  });

  /** Drives both with one command and gives what the plain function made of it. */
  class Both {
    expected: ProviderHealth = { ...NEW_PROVIDER, revision: T0 };
    policy = DEFAULT_HEALTH_POLICY;
    readonly transitions: object[] = [];
    alerts = 0;
    private readonly permits: string[] = [];

    constructor(private readonly name: string) {}

    async run(command: Command, now: number): Promise<ProviderHealth | undefined> {
      const { name } = this;
      switch (command.do) {
        case 'record': {
          const outcomes = command.outcomes.map(({ permitOf, ...outcome }) => ({
            ...outcome,
            permit: permitOf === undefined ? undefined : this.permits.at(-1 - permitOf),
          }));
          for (const outcome of outcomes)
            this.take(recordOutcome(this.expected, toOutcome(outcome), now, this.policy), now);
          const recorded = await health.record(
            outcomes.map((outcome) => ({ name, ...outcome })),
            { now },
          );
          return recorded.readings?.get(name)?.provider.health;
        }
        case 'acquire': {
          const permit = `permit-${this.permits.length}`;
          this.permits.push(permit);
          const { answer, ...step } = acquirePermit(this.expected, permit, now, this.policy);
          this.take(step, now);
          const reading = await health.acquirePermit(name, permit, now);
          expect<PermitAnswer | undefined>(reading?.answer).toEqual(answer);
          return reading?.provider.health;
        }
        case 'mark': {
          const step = markProvider(this.expected, command, now, this.policy);
          this.take(step ?? settleOverride(this.expected, now), now);
          const reading = await health.mark(name, command, now);
          expect(reading?.done).toBe(step !== undefined);
          return reading?.provider.health;
        }
        case 'misconfigure': {
          const settled = settleOverride(this.expected, now);
          this.take(settled, now);
          this.take(markMisconfigured(this.expected, command.what, now), now);
          return (await health.markMisconfigured(name, command.what, now))?.provider.health;
        }
        case 'readable': {
          this.take(settleOverride(this.expected, now), now);
          this.take(markKeyReadable(this.expected, now), now);
          return (await health.markKeyReadable(name, now))?.provider.health;
        }
        case 'override': {
          const { status, forMs } = command;
          const override = { status, reason: 'because', by: 'somebody', at: now };
          const put: Override = forMs === undefined ? override : { ...override, until: now + forMs };
          this.take(putOverride(this.expected, put, now), now);
          return (await health.putOverride(name, put, now))?.provider.health;
        }
        case 'lift':
          this.take(liftOverride(this.expected, now), now);
          return (await health.liftOverride(name, now))?.provider.health;
        case 'settle':
          this.take(settleOverride(this.expected, now), now);
          return (await health.settle(name, now))?.provider.health;
        case 'policy': {
          this.policy = POLICIES[command.policy] ?? DEFAULT_HEALTH_POLICY;
          const before = this.expected;
          this.take(settleOverride(this.expected, now), now);
          const fields = { ...aSeed(name, this.policy), version: '0', status: before.status };
          const { provider } = await health.seed(fields, now);
          // What is set up is no health: only the revision tells of it.
          expect(provider.policy).toEqual(this.policy);
          this.expected = { ...this.expected, revision: provider.health.revision };
          return provider.health;
        }
      }
    }

    private take({ health, transitions }: Step, now: number): void {
      const { misconfigured } = health;
      const isNew = misconfigured !== this.expected.misconfigured;
      if (isNew && (this.expected.misconfigured === undefined || misconfigured === 'key')) this.alerts++;
      this.expected = health;
      const at = new Date(now).toISOString();
      this.transitions.push(...transitions.map((transition) => ({ provider: this.name, ...transition, at })));
    }
  }

  it('decide as the plain functions do, whatever the sequence of commands', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(aStep, { minLength: 1, maxLength: 40 }), async (steps) => {
        const name = await aProvider(DEFAULT_HEALTH_POLICY, T0);
        const both = new Both(name);
        let now = T0;
        for (const { wait, command } of steps) {
          now += wait;
          expect(await both.run(command, now)).toEqual(both.expected);
        }
        expect(await transitionsOf(name)).toEqual(both.transitions);
        expect((await entriesOf(name)).length).toBe(both.transitions.length + both.alerts);
      }),
      { numRuns: 300 },
    );
  }, 120_000);

  it('count an outcome once however often it is reported', async () => {
    const name = await aProvider();
    const report = { name, kind: 'server' as const, outcomeId: 'o-1', message: 'first' };
    await Promise.all(Array.from({ length: 20 }, () => record([report])));
    const repeated = await record([{ ...report, message: 'again' }, report]);
    expect(repeated.counted).toEqual([false, false]);
    expect(repeated.readings.get(name)?.provider.health).toMatchObject({
      failures: 1,
      lastFailure: { message: 'first' },
    });
    await record([{ ...report, outcomeId: 'o-2' }]);
    expect(await failuresOf(name)).toBe(2);
    const ttl = await redis.pttl(`${namespace}:{providers}:outcome:${name}:o-1`);
    expect(ttl).toBeGreaterThan(590_000);
  });

  it('count what a reporter numbers once, also when more comes with it again', async () => {
    const [first, second] = [await aProvider(), await aProvider()];
    const [a, b] = [first, second].map((name) => ({ name, kind: 'server' as const })) as [
      ReportedOutcome,
      ReportedOutcome,
    ];
    const numbering = (sequence: number) => ({ reporter: 'r', sequence });
    expect((await record([a, b], numbering(1))).counted).toEqual([true, true]);
    expect((await record([a, b, a], numbering(1))).counted).toEqual([false, false, true]);
    expect((await record([b, a], numbering(2))).counted).toEqual([false, false]);
    expect((await record([a], { reporter: 'another', sequence: 1 })).counted).toEqual([true]);
    expect([await failuresOf(first), await failuresOf(second)]).toEqual([3, 1]);
    expect(await redis.pttl(`${namespace}:{providers}:reporter:r`)).toBeGreaterThan(86_390_000);
  });

  it('count nothing of a batch when a provider of it is not known, and the others without it', async () => {
    const name = await aProvider();
    const batch = [name, 'nobody', name].map((name) => ({ name, kind: 'server' as const }));
    const numbering = { reporter: 'r2', sequence: 1 };
    expect(await health.record(batch, { numbering })).toEqual({ missing: ['nobody'] });
    expect(await failuresOf(name)).toBe(0);
    const recorded = await health.record(batch, { numbering, unknown: new Set(['nobody']) });
    expect([recorded.missing, await failuresOf(name)]).toEqual([undefined, 2]);
  });

  it('append what they counted to the stream of outcomes, once for each call', async () => {
    const name = await aProvider();
    const outcome = { name, kind: 'client' as const, outcomeId: 'o-1', responseTimeMs: 1.5 };
    await record([outcome, outcome, { name, kind: 'success', responseTimeMs: 20 }, { name, kind: 'quota' }]);
    await record([outcome]);
    const [last] = await redis.xrevrange(`${namespace}:{providers}:outcomes`, '+', '-', 'COUNT', 1);
    const fields = toFields(last?.[1] ?? []);
    expect(JSON.parse(fields['outcomes'] ?? '')).toEqual([
      [name, 'client', 1.5],
      [name, 'success', 20],
      [name, 'quota', null],
    ]);
    const [seconds] = await redis.time();
    expect(Math.abs(Number(fields['at']) / 1000 - Number(seconds))).toBeLessThanOrEqual(2);
  });

  it('count for the fleet: a hundred failures over four connections make two transitions', async () => {
    const name = await aProvider();
    const fleet = [
      health,
      ...[1, 2, 3].map(() => new HealthRepository(connect(), anEnvironment({ namespace }))),
    ];
    for (const connection of connections) await firstConnection(connection, 5_000);
    const recorded = await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        (fleet[index % 4] as HealthRepository).record([{ name, kind: 'timeout' }]),
      ),
    );
    const counts = recorded
      .map(({ readings }) => readings?.get(name)?.provider.health.failures)
      .sort((a = 0, b = 0) => a - b);
    // The first five are counted one by one; what comes while it is unhealthy changes nothing.
    expect(counts.slice(0, 5)).toEqual([1, 2, 3, 4, 5]);
    expect(new Set(counts.slice(5))).toEqual(new Set([5]));
    expect((await transitionsOf(name)).map(({ to, version }) => [to, version])).toEqual([
      ['degraded', 1],
      ['unhealthy', 2],
    ]);
  });

  it('lay a provider down once, and anew when PostgreSQL knows more', async () => {
    const name = await aProvider();
    await record([{ name, kind: 'server' }]);
    await health.seed(aSeed(name));
    expect((await health.read([name, 'nobody'])).providers.map((found) => found?.health.failures)).toEqual([
      1,
      undefined,
    ]);
    const before = (await health.read([name])).providers[0]?.health.revision ?? 0;
    const { provider, changed } = await health.seed({ ...aSeed(name), status: 'degraded', version: '4' });
    expect([changed, provider.health]).toEqual([
      true,
      expect.objectContaining({ status: 'degraded', version: 4, failures: 0 }),
    ]);
    expect(provider.health.revision).toBeGreaterThan(before);
    expect((await health.seed({ ...aSeed(name), version: '3' })).changed).toBe(false);
    expect(await health.names()).toContain(name);
  });

  it('go on with the clock of Redis and keep what was measured', async () => {
    const name = await aProvider();
    const { readings } = await record([{ name, kind: 'success', responseTimeMs: 12.5 }]);
    const reading = readings.get(name);
    const [seconds] = await redis.time();
    expect(Math.abs((reading?.now ?? 0) / 1000 - Number(seconds))).toBeLessThanOrEqual(2);
    expect(reading?.provider.health.lastResponseMs).toBe(12.5);
  });
});
