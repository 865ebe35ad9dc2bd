import { DEFAULT_HEALTH_POLICY } from '@gatehouse/provider-health-contracts';
import { recordOutcome } from './outcome-recording.js';
import { acquirePermit, PERMIT_LEASE_MS, withoutPermit } from './probe-permit.js';
import { NEW_PROVIDER, type ProviderHealth } from './provider-health.js';

const T0 = 1_700_000_000_000;
/** Half-open from T0 on. */
const HALF_OPEN: ProviderHealth = {
  ...NEW_PROVIDER,
  ...{ status: 'unhealthy', version: 2, unhealthyVersion: 2, unhealthyUntil: T0 },
};
const acquire = (health: ProviderHealth, permit: string, now = T0, probePermits = 1) =>
  acquirePermit(health, permit, now, { ...DEFAULT_HEALTH_POLICY, probePermits });

describe('acquirePermit', () => {
  it('gives out as many as may be out at a time, and says when the first of them ends', () => {
    const one = acquire(HALF_OPEN, 'a', T0, 2);
    expect(one.answer).toEqual({ kind: 'granted', expiresAt: T0 + 60_000 });
    const two = acquire(one.health, 'b', T0 + 5, 2);
    expect(two.health.permits).toEqual({ a: T0 + PERMIT_LEASE_MS, b: T0 + 5 + PERMIT_LEASE_MS });
    const three = acquire(two.health, 'c', T0 + 9, 2);
    expect(three).toEqual({
      ...{ health: two.health, transitions: [] },
      answer: { kind: 'refused', retryAt: T0 + PERMIT_LEASE_MS },
    });
  });

  it('gives it to another when the lease has ended, and not a millisecond before', () => {
    const { health } = acquire(HALF_OPEN, 'lost');
    expect(acquire(health, 'b', T0 + PERMIT_LEASE_MS - 1).answer.kind).toBe('refused');
    const next = acquire(health, 'b', T0 + PERMIT_LEASE_MS);
    expect(next.answer.kind).toBe('granted');
    expect(next.health.permits).toEqual({ b: T0 + 2 * PERMIT_LEASE_MS });
  });

  it('changes nothing that others can see', () => {
    const { health, transitions } = acquire(HALF_OPEN, 'a');
    expect([health.revision, health.version, transitions]).toEqual([0, 2, []]);
  });

  it.each<[string, Partial<ProviderHealth>, unknown]>([
    ['healthy', { status: 'healthy' }, { kind: 'unneeded' }],
    ['degraded', { status: 'degraded' }, { kind: 'unneeded' }],
    ['misconfigured by a refusal', { status: 'healthy', misconfigured: 'auth' }, { kind: 'unneeded' }],
    ['without its key', { misconfigured: 'key' }, { kind: 'refused', retryAt: undefined }],
    ['waiting', { unhealthyUntil: T0 + 1 }, { kind: 'refused', retryAt: T0 + 1 }],
    [
      'waiting, and rate-limited longer',
      { unhealthyUntil: T0 + 1, closedUntil: T0 + 9 },
      { kind: 'refused', retryAt: T0 + 9 },
    ],
    [
      'waiting, and rate-limited shorter',
      { unhealthyUntil: T0 + 9, closedUntil: T0 + 1 },
      { kind: 'refused', retryAt: T0 + 9 },
    ],
    ['half-open and rate-limited', { closedUntil: T0 + 3 }, { kind: 'refused', retryAt: T0 + 3 }],
    [
      'half-open, no longer rate-limited',
      { closedUntil: T0 },
      { kind: 'granted', expiresAt: T0 + PERMIT_LEASE_MS },
    ],
  ])('answers for one that is %s', (_what, more, answer) => {
    expect(acquire({ ...HALF_OPEN, ...more }, 'a').answer).toEqual(answer);
  });

  it('answers as the operator says, and ends a word whose time has come', () => {
    const override = { reason: 'r', by: 'b', at: 0 };
    const under = (status: 'healthy' | 'unhealthy' | 'maintenance', until?: number): ProviderHealth => ({
      ...HALF_OPEN,
      override: { ...override, status, ...(until !== undefined && { until }) },
      beneath: { status: 'unhealthy' },
      status: status === 'healthy' ? 'healthy' : 'unhealthy',
    });
    expect(acquire(under('healthy'), 'a').answer).toEqual({ kind: 'unneeded' });
    expect(acquire(under('maintenance', T0 + 5), 'a').answer).toEqual({ kind: 'refused', retryAt: T0 + 5 });
    expect(acquire(under('unhealthy'), 'a').answer).toEqual({ kind: 'refused', retryAt: undefined });
    const ended = acquire(under('healthy', T0), 'a');
    expect(ended.answer.kind).toBe('granted');
    expect(ended.transitions).toMatchObject([{ from: 'healthy', to: 'unhealthy', reason: 'override-ended' }]);
    expect(ended.health.permits).toEqual({ a: T0 + PERMIT_LEASE_MS });
  });
});

describe('withoutPermit', () => {
  const held: ProviderHealth = { ...HALF_OPEN, permits: { a: T0 + 1, b: T0 + 2 } };

  it('gives one back and leaves the others', () => {
    expect(withoutPermit(held, 'a').permits).toEqual({ b: T0 + 2 });
    expect(withoutPermit(withoutPermit(held, 'a'), 'b')).toEqual(HALF_OPEN);
    expect(held.permits).toEqual({ a: T0 + 1, b: T0 + 2 });
  });

  it.each([undefined, 'unknown'])('changes nothing for %s', (permit) => {
    expect(withoutPermit(held, permit)).toBe(held);
  });
});

describe('an outcome with a permit', () => {
  const { health } = acquire(HALF_OPEN, 'a');
  const record = (outcome: Parameters<typeof recordOutcome>[1], now = T0 + 1) =>
    recordOutcome(health, outcome, now, DEFAULT_HEALTH_POLICY).health;

  it('gives it back whatever it was, also one that counts for nothing', () => {
    expect(record({ kind: 'success', permit: 'a' })).not.toHaveProperty('permits');
    for (const failureClass of ['cancelled', 'client', 'rate-limited', 'server'] as const)
      expect(record({ kind: 'failure', class: failureClass, permit: 'a' })).not.toHaveProperty('permits');
    expect(record({ kind: 'success', permit: 'a', version: 1 })).toEqual(HALF_OPEN);
  });

  it('counts without one, and under one that has expired, and gives back nobody else’s', () => {
    expect(record({ kind: 'success' })).toMatchObject({ successes: 1, permits: health.permits });
    expect(record({ kind: 'success', permit: 'b' })).toMatchObject({ successes: 1, permits: health.permits });
    const late = { kind: 'success', permit: 'a' } as const;
    expect(record(late, T0 + PERMIT_LEASE_MS + 1)).toMatchObject({ successes: 1 });
  });

  it('voids all that are out with a failure', () => {
    const two = acquire(health, 'b', T0, 2).health;
    const failed = recordOutcome(
      two,
      { kind: 'failure', class: 'server', permit: 'a' },
      T0,
      DEFAULT_HEALTH_POLICY,
    );
    expect(failed.health).not.toHaveProperty('permits');
    expect(failed.health.unhealthyUntil).toBe(T0 + 300_000);
  });
});
