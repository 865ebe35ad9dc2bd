import { DEFAULT_HEALTH_POLICY } from '@gatehouse/provider-health-contracts';
import { availableAt } from './available-at.js';
import { recordOutcome } from './outcome-recording.js';
import { liftOverride, type Override, putOverride, settleOverride } from './override.js';
import { availability, isOverridden, NEW_PROVIDER, type ProviderHealth } from './provider-health.js';

const T0 = 1_700_000_000_000;
const word = (status: Override['status'], until?: number): Override => ({
  ...{ status, reason: 'because', by: 'somebody', at: T0 },
  ...(until !== undefined && { until }),
});
const DEGRADED: ProviderHealth = {
  ...NEW_PROVIDER,
  ...{ status: 'degraded', rule: 'consecutive', version: 4, failures: 3, successes: 1, revision: T0 - 5 },
  rate: { width: 1, buckets: [] },
};

describe('putOverride', () => {
  it.each<[Override['status'], string, object]>([
    ['healthy', 'healthy', { available: true, reason: 'healthy' }],
    ['unhealthy', 'unhealthy', { available: false, reason: 'overridden' }],
    ['maintenance', 'unhealthy', { available: false, reason: 'maintenance' }],
  ])('takes a provider for %s, as a transition', (status, to, answer) => {
    const { health, transitions } = putOverride(DEGRADED, word(status), T0);
    expect(transitions).toEqual([{ from: 'degraded', to, reason: 'overridden', version: 5 }]);
    expect(health).toMatchObject({
      ...{ status: to, rule: 'override', version: 5, revision: T0, failures: 3 },
      beneath: { status: 'degraded', rule: 'consecutive' },
    });
    expect(availability(health, T0)).toEqual(answer);
  });

  it('to the status that it has is no transition, and still a change that others see', () => {
    const { health, transitions } = putOverride(DEGRADED, word('degraded'), T0);
    expect(transitions).toEqual([]);
    expect(health).toMatchObject({ version: 4, revision: T0, rule: 'override' });
    expect(availability(health, T0)).toEqual({ available: true, reason: 'degraded' });
  });

  it('in place of another keeps what lies beneath the first', () => {
    const first = putOverride(DEGRADED, word('maintenance'), T0).health;
    const second = putOverride(first, word('healthy'), T0 + 1);
    expect(second.health.beneath).toEqual({ status: 'degraded', rule: 'consecutive' });
    expect(second.transitions).toMatchObject([{ from: 'unhealthy', to: 'healthy', version: 6 }]);
    expect(putOverride(NEW_PROVIDER, word('unhealthy'), T0).health.beneath).toStrictEqual({
      status: 'healthy',
    });
  });

  it('in place of one whose time has come ends that first', () => {
    const first = putOverride(DEGRADED, word('healthy', T0 + 10), T0).health;
    const { transitions, health } = putOverride(first, word('maintenance'), T0 + 10);
    expect(transitions.map(({ to, reason }) => `${to} ${reason}`)).toEqual([
      'degraded override-ended',
      'unhealthy overridden',
    ]);
    expect(health).toMatchObject({ version: 7, failures: 0, beneath: { status: 'degraded' } });
  });

  it('voids permits that are out', () => {
    const halfOpen: ProviderHealth = { ...NEW_PROVIDER, status: 'unhealthy', permits: { a: T0 + 1 } };
    for (const status of ['unhealthy', 'healthy'] as const)
      expect(putOverride(halfOpen, word(status), T0).health).not.toHaveProperty('permits');
  });
});

describe('an override that holds', () => {
  it('holds until its end and no millisecond longer', () => {
    const { health } = putOverride(DEGRADED, word('maintenance', T0 + 10), T0);
    expect([isOverridden(health, T0 + 9), isOverridden(health, T0 + 10)]).toEqual([true, false]);
    expect(settleOverride(health, T0 + 9)).toEqual({ health, transitions: [] });
    expect(settleOverride(health, T0 + 10).health.status).toBe('degraded');
    expect(availableAt(health, T0 + 9)).toBe(T0 + 10);
    const down = putOverride(DEGRADED, word('unhealthy', T0 + 10), T0).health;
    expect([availableAt(down, T0 + 9), availableAt(down, T0 + 10)]).toEqual([T0 + 10, undefined]);
    expect(isOverridden(putOverride(DEGRADED, word('healthy'), T0).health, Number.MAX_SAFE_INTEGER)).toBe(
      true,
    );
    expect(isOverridden(DEGRADED, T0)).toBe(false);
  });

  it('counts no outcome but how long it took and what a rate limit asks for', () => {
    const { health } = putOverride(DEGRADED, word('healthy'), T0);
    const record = (outcome: Parameters<typeof recordOutcome>[1]) =>
      recordOutcome(health, outcome, T0, DEFAULT_HEALTH_POLICY).health;
    for (const failureClass of ['server', 'auth', 'client'] as const)
      expect(record({ kind: 'failure', class: failureClass })).toEqual(health);
    expect(record({ kind: 'success', responseTimeMs: 5 })).toEqual({ ...health, lastResponseMs: 5 });
    expect(record({ kind: 'failure', class: 'rate-limited', retryAfterMs: 7 })).toMatchObject({
      ...{ closedUntil: T0 + 7, failures: 3 },
    });
  });

  it('is over a timeout that runs and a key that cannot be opened', () => {
    const waiting: ProviderHealth = {
      ...NEW_PROVIDER,
      ...{ status: 'unhealthy', unhealthyUntil: T0 + 99, misconfigured: 'key' },
    };
    expect(availability(waiting, T0)).toEqual({ available: false, reason: 'misconfigured' });
    const { health } = putOverride(waiting, word('healthy'), T0);
    expect(availability(health, T0)).toEqual({ available: true, reason: 'misconfigured' });
    expect(availability(putOverride(waiting, word('unhealthy'), T0).health, T0).reason).toBe('overridden');
  });
});

describe('liftOverride', () => {
  it('brings back what lies beneath, with runs and a window that begin anew', () => {
    const { health, transitions } = liftOverride(
      putOverride(DEGRADED, word('maintenance'), T0).health,
      T0 + 1,
    );
    expect(transitions).toEqual([
      { from: 'unhealthy', to: 'degraded', reason: 'override-lifted', version: 6 },
    ]);
    expect(health).toEqual({
      ...NEW_PROVIDER,
      ...{ status: 'degraded', rule: 'consecutive', version: 6, revision: T0 + 1, unhealthyVersion: 5 },
    });
  });

  it('is no transition where the status stays, and leaves a new provider without a rule', () => {
    const { health, transitions } = liftOverride(putOverride(NEW_PROVIDER, word('healthy'), T0).health, T0);
    expect(transitions).toEqual([]);
    expect(health).toStrictEqual({ ...NEW_PROVIDER, revision: T0 + 1 });
    const same = liftOverride(putOverride(DEGRADED, word('degraded'), T0).health, T0);
    expect([same.transitions, same.health.rule]).toEqual([[], 'consecutive']);
  });

  it('leaves one as it is taken for where nobody knows what lies beneath', () => {
    const { beneath: _beneath, ...health } = putOverride(DEGRADED, word('unhealthy'), T0).health;
    const lifted = liftOverride(health, T0 + 1);
    expect(lifted.transitions).toEqual([]);
    expect(lifted.health).toMatchObject({ status: 'unhealthy', version: 5 });
    expect(lifted.health).not.toHaveProperty('rule');
  });

  it('without one changes nothing, and one whose time has come has ended', () => {
    expect(liftOverride(DEGRADED, T0)).toEqual({ health: DEGRADED, transitions: [] });
    const { transitions } = liftOverride(putOverride(DEGRADED, word('healthy', T0 + 1), T0).health, T0 + 1);
    expect(transitions.map(({ reason }) => reason)).toEqual(['override-ended']);
  });

  it('goes on with the timeout that ran beneath', () => {
    const waiting: ProviderHealth = { ...NEW_PROVIDER, status: 'unhealthy', unhealthyUntil: T0 + 99 };
    const { health } = liftOverride(putOverride(waiting, word('healthy'), T0).health, T0 + 1);
    expect(availability(health, T0 + 98).reason).toBe('timeout');
    expect(availability(health, T0 + 99).reason).toBe('half-open');
  });
});
