import { DEFAULT_HEALTH_POLICY, type FailureClass } from '@gatehouse/provider-health-contracts';
import fc from 'fast-check';
import { type Outcome, recordOutcome } from './outcome-recording.js';
import { availability, NEW_PROVIDER, type ProviderHealth } from './provider-health.js';

const T0 = 1_700_000_000_000;
const failure = (of: FailureClass = 'server', more: Partial<Outcome> = {}): Outcome => ({
  kind: 'failure',
  class: of,
  ...more,
});
const success: Outcome = { kind: 'success' };

/** Applies outcomes a second apart and gives the last state and every transition. */
function run(outcomes: Outcome[], health: ProviderHealth = NEW_PROVIDER, from = T0) {
  const transitions: string[] = [];
  let now = from;
  for (const outcome of outcomes) {
    const step = recordOutcome(health, outcome, now, DEFAULT_HEALTH_POLICY);
    health = step.health;
    transitions.push(...step.transitions.map(({ to, version }) => `${to}@${version}`));
    now += 1_000;
  }
  return { health, transitions, now };
}

const times = (count: number, outcome: Outcome): Outcome[] => Array.from({ length: count }, () => outcome);

describe('recordOutcome', () => {
  it('degrades at the third failure in a row and makes unhealthy at the fifth', () => {
    expect(run(times(2, failure())).health.status).toBe('healthy');
    expect(run(times(3, failure())).transitions).toEqual(['degraded@1']);
    expect(run(times(5, failure())).transitions).toEqual(['degraded@1', 'unhealthy@2']);
  });

  it('ends the run of failures with a success, and the run of successes with a failure', () => {
    expect(run([...times(2, failure()), success, ...times(2, failure())]).transitions).toEqual([]);
    const degraded = run(times(3, failure()));
    expect(run([success, success, failure(), success, success], degraded.health).transitions).toEqual([]);
    expect(run([success, success, success], degraded.health).transitions).toEqual(['healthy@2']);
  });

  it('begins a new run when the last failure is longer ago than the window', () => {
    const { health } = run(times(2, failure()));
    const last = health.lastFailureAt ?? 0;
    const hour = DEFAULT_HEALTH_POLICY.failureWindowSeconds * 1000;
    expect(recordOutcome(health, failure(), last + hour, DEFAULT_HEALTH_POLICY).health.failures).toBe(3);
    expect(recordOutcome(health, failure(), last + hour + 1, DEFAULT_HEALTH_POLICY).health.failures).toBe(1);
  });

  it('changes nothing while it is unhealthy and the timeout runs', () => {
    const { health, now } = run(times(5, failure()));
    for (const outcome of [success, failure(), failure('rate-limited'), failure('auth')]) {
      expect(recordOutcome(health, outcome, now, DEFAULT_HEALTH_POLICY)).toEqual({
        health,
        transitions: [],
      });
    }
  });

  it('is half-open after the timeout: three successes heal, one failure starts the timeout again', () => {
    const { health } = run(times(5, failure()));
    const open = health.unhealthyUntil ?? 0;
    expect(availability(health, open - 1)).toEqual({ available: false, reason: 'timeout' });
    expect(availability(health, open)).toEqual({ available: true, reason: 'half-open' });
    expect(run(times(3, success), health, open).transitions).toEqual(['healthy@3']);
    expect(run(times(3, success), health, open).health).not.toHaveProperty('unhealthyUntil');
    const again = run([success, success, failure()], health, open).health;
    expect(again).toMatchObject({
      status: 'unhealthy',
      successes: 0,
      unhealthyUntil: open + 2_000 + 300_000,
    });
  });

  it.each(['client', 'cancelled'] as const)('takes %s for neither failure nor success', (neutral) => {
    const { health } = run(times(2, failure()));
    expect(run([failure(neutral)], health).health).toEqual(health);
    const halfOpen = run(times(5, failure())).health;
    expect(run([failure(neutral)], halfOpen, halfOpen.unhealthyUntil).health).toEqual(halfOpen);
  });

  it('closes a rate-limited provider without touching the run; a longer time extends, a shorter never shortens', () => {
    const limited = (retryAfterMs?: number) => failure('rate-limited', { retryAfterMs });
    const { health } = run([failure(), failure()]);
    const closed = run([limited(60_000)], health).health;
    expect(closed).toEqual({ ...health, closedUntil: T0 + 60_000, revision: T0 });
    expect(availability(closed, T0)).toEqual({ available: false, reason: 'rate-limited' });
    expect(availability(closed, T0 + 60_000).available).toBe(true);
    expect(run([limited(1_000)], closed).health.closedUntil).toBe(T0 + 60_000);
    expect(run([limited(90_000)], closed).health.closedUntil).toBe(T0 + 90_000);
    expect(run([limited()]).health.closedUntil).toBe(T0 + 30_000);
  });

  it.each(['auth', 'quota'] as const)(
    'counts %s and says misconfigured until a call is served',
    (refused) => {
      const { health } = run([failure(refused)]);
      expect(health).toMatchObject({ failures: 1, misconfigured: refused });
      expect(availability(health, T0)).toEqual({ available: true, reason: 'misconfigured' });
      expect(availability(run([success], health).health, T0)).toEqual({ available: true, reason: 'healthy' });
    },
  );

  it('takes nothing from a call that began before it became unhealthy', () => {
    const unhealthy = run(times(5, failure())).health;
    const open = unhealthy.unhealthyUntil ?? 0;
    expect(recordOutcome(unhealthy, { kind: 'success', version: 1 }, open, DEFAULT_HEALTH_POLICY)).toEqual({
      health: unhealthy,
      transitions: [],
    });
    expect(
      recordOutcome(unhealthy, { kind: 'success', version: 2 }, open, DEFAULT_HEALTH_POLICY).health.successes,
    ).toBe(1);
  });

  it('says by which rule and why, and of the last outcomes when they were and what was wrong', () => {
    const failed = recordOutcome(
      NEW_PROVIDER,
      failure('timeout', { message: 'late' }),
      T0,
      DEFAULT_HEALTH_POLICY,
    );
    expect(failed.health).toMatchObject({
      lastFailureAt: T0,
      lastFailure: { class: 'timeout', message: 'late' },
    });
    const { health } = recordOutcome(
      failed.health,
      failure('server', { message: '' }),
      T0 + 1,
      DEFAULT_HEALTH_POLICY,
    );
    expect(health.lastFailure).toStrictEqual({ class: 'server' });
    expect(recordOutcome(health, failure(), T0 + 1, DEFAULT_HEALTH_POLICY).health.lastFailure).toStrictEqual({
      class: 'server',
    });
    expect(recordOutcome(health, success, T0 + 2, DEFAULT_HEALTH_POLICY).health).toMatchObject({
      ...{ lastSuccessAt: T0 + 2, lastFailureAt: T0 + 1 },
    });
    const four = run(times(4, failure())).health;
    const fifth = recordOutcome(four, failure(), T0 + 9_000, DEFAULT_HEALTH_POLICY);
    expect(fifth.health.rule).toBe('consecutive');
    expect(fifth.transitions).toEqual([
      { from: 'degraded', to: 'unhealthy', reason: 'consecutive-failures', version: 2 },
    ]);
  });

  it('keeps the last response time over outcomes that have none', () => {
    const { health } = run([{ ...success, responseTimeMs: 7 }, success, failure(), failure('client')]);
    expect(health.lastResponseMs).toBe(7);
  });

  it('holds its invariants over any sequence', () => {
    const anOutcome = fc.record({
      outcome: fc.oneof(
        fc.constant(success),
        fc
          .constantFrom<FailureClass>('server', 'client', 'auth', 'rate-limited', 'timeout')
          .map((of) => failure(of)),
      ),
      wait: fc.constantFrom(0, 1_000, 300_000, 3_600_001),
    });
    fc.assert(
      fc.property(fc.array(anOutcome, { maxLength: 60 }), (steps) => {
        let health: ProviderHealth = NEW_PROVIDER;
        let now = T0;
        for (const { outcome, wait } of steps) {
          now += wait;
          const step = recordOutcome(health, outcome, now, DEFAULT_HEALTH_POLICY);
          const changed = step.health.status !== health.status;
          expect(step.transitions.length).toBe(changed ? 1 : 0);
          expect(step.health.version).toBe(health.version + (changed ? 1 : 0));
          expect(step.health.failures === 0 || step.health.successes === 0).toBe(true);
          if (step.health.status === 'unhealthy') expect(step.health.unhealthyUntil).toBeGreaterThan(0);
          health = step.health;
        }
      }),
    );
  });
});
