import { NEW_PROVIDER, type ProviderHealth } from './provider-health.js';
import { changeStatus, revise } from './status-change.js';

describe('revise', () => {
  const before: ProviderHealth = { ...NEW_PROVIDER, revision: 100 };

  it('takes the time for the revision, and one more than the last where the clock was set back', () => {
    expect(revise(before, { ...before, closedUntil: 1 }, 500).health.revision).toBe(500);
    for (const now of [100, 99])
      expect(revise(before, { ...before, closedUntil: 1 }, now).health.revision).toBe(101);
  });

  it.each<[keyof ProviderHealth, unknown]>([
    ['status', 'degraded'],
    ['version', 1],
    ['rule', 'mark'],
    ['unhealthyUntil', 1],
    ['unhealthyVersion', 1],
    ['closedUntil', 1],
    ['misconfigured', 'key'],
    ['override', { status: 'healthy', reason: '', by: '', at: 0 }],
  ])('of a change of %s is another', (field, value) => {
    expect(revise(before, { ...before, [field]: value }, 500).health.revision).toBe(500);
    expect(revise({ ...before, [field]: value }, before, 500).health.revision).toBe(500);
  });

  it.each<[keyof ProviderHealth, unknown]>([
    ['failures', 1],
    ['successes', 1],
    ['lastFailureAt', 1],
    ['lastSuccessAt', 1],
    ['lastResponseMs', 1],
    ['permits', { a: 1 }],
  ])('of what nobody decides by, as %s, stays', (field, value) => {
    expect(revise(before, { ...before, [field]: value }, 500).health.revision).toBe(100);
  });
});

describe('changeStatus', () => {
  it('numbers the change, voids permits, and remembers when it became unhealthy', () => {
    const health: ProviderHealth = { ...NEW_PROVIDER, version: 6, permits: { a: 1 }, rule: 'mark' };
    expect(changeStatus(health, 'unhealthy', { reason: 'marked', rule: 'consecutive' })).toEqual({
      health: { ...NEW_PROVIDER, status: 'unhealthy', version: 7, unhealthyVersion: 7, rule: 'consecutive' },
      transition: { from: 'healthy', to: 'unhealthy', reason: 'marked', version: 7 },
    });
    const degraded = changeStatus(health, 'degraded', { reason: 'override-ended' }).health;
    expect(degraded).toStrictEqual({ ...NEW_PROVIDER, status: 'degraded', version: 7 });
  });
});
