import { DEFAULT_HEALTH_POLICY } from '@gatehouse/provider-health-contracts';
import { markKeyReadable, markMisconfigured, markProvider } from './mark.js';
import { recordOutcome } from './outcome-recording.js';
import { putOverride } from './override.js';
import { availability, NEW_PROVIDER, type ProviderHealth } from './provider-health.js';

const T0 = 1_700_000_000_000;
const BUSY: ProviderHealth = {
  ...NEW_PROVIDER,
  ...{ status: 'degraded', rule: 'consecutive', version: 3, failures: 4, successes: 0, lastResponseMs: 9 },
  ...{ misconfigured: 'auth', rate: { width: 1, buckets: [[1, 2, 2]] } },
};
const mark = (
  health: ProviderHealth,
  status: 'healthy' | 'degraded' | 'unhealthy',
  responseTimeMs?: number,
) => markProvider(health, { status, responseTimeMs }, T0, DEFAULT_HEALTH_POLICY);

describe('markProvider', () => {
  it('makes it what is said in one transition, and begins runs and the window anew', () => {
    expect(mark(BUSY, 'healthy')).toEqual({
      health: { ...NEW_PROVIDER, rule: 'mark', version: 4, revision: T0, lastResponseMs: 9 },
      transitions: [{ from: 'degraded', to: 'healthy', reason: 'marked', version: 4 }],
    });
    expect(mark(BUSY, 'healthy', 0)?.health.lastResponseMs).toBe(0);
    expect(mark({ ...BUSY, failures: 0, successes: 2 }, 'degraded')?.health.successes).toBe(0);
  });

  it('to the status that it has is no transition, and begins anew all the same', () => {
    const step = mark(BUSY, 'degraded');
    expect(step?.transitions).toEqual([]);
    expect(step?.health).toMatchObject({ failures: 0, rule: 'consecutive', version: 3, revision: T0 });
    expect(step?.health).not.toHaveProperty('misconfigured');
  });

  it('starts the timeout of one that is unhealthy, again too, and voids its permits', () => {
    const first = mark(BUSY, 'unhealthy')?.health as ProviderHealth;
    expect(first).toMatchObject({ unhealthyUntil: T0 + 300_000, unhealthyVersion: 4 });
    expect(availability(first, T0 + 299_999).reason).toBe('timeout');
    const halfOpen = { ...first, unhealthyUntil: T0 - 1, permits: { a: T0 + 9 } };
    const again = mark(halfOpen, 'unhealthy');
    expect(again?.transitions).toEqual([]);
    expect(again?.health.unhealthyUntil).toBe(T0 + 300_000);
    expect(again?.health).not.toHaveProperty('permits');
    expect(mark(first, 'healthy')?.health).not.toHaveProperty('unhealthyUntil');
  });

  it('waits for an override, and goes on when its time has come', () => {
    const under = putOverride(
      BUSY,
      { status: 'maintenance', reason: 'r', by: 'b', at: 0, until: T0 },
      T0 - 1,
    ).health;
    expect(markProvider(under, { status: 'healthy' }, T0 - 1, DEFAULT_HEALTH_POLICY)).toBeUndefined();
    expect(mark(under, 'healthy')?.transitions.map(({ reason }) => reason)).toEqual([
      'override-ended',
      'marked',
    ]);
  });
});

describe('what is misconfigured', () => {
  const success = (health: ProviderHealth) =>
    recordOutcome(health, { kind: 'success' }, T0, DEFAULT_HEALTH_POLICY).health;

  it.each(['auth', 'quota'] as const)(
    'by %s is available, until a call is served or it is marked',
    (what) => {
      const { health, transitions } = markMisconfigured(NEW_PROVIDER, what, T0);
      expect([health.misconfigured, health.revision, transitions]).toEqual([what, T0, []]);
      expect(availability(health, T0)).toEqual({ available: true, reason: 'misconfigured' });
      expect(success(health)).not.toHaveProperty('misconfigured');
      expect(mark(health, 'healthy')?.health).not.toHaveProperty('misconfigured');
      expect(markKeyReadable(health, T0)).toEqual({ health, transitions: [] });
    },
  );

  it('by its key is not available, whatever is said of it, until the key can be opened', () => {
    const { health } = markMisconfigured(markMisconfigured(NEW_PROVIDER, 'auth', T0).health, 'key', T0 + 1);
    expect([health.misconfigured, health.revision]).toEqual(['key', T0 + 1]);
    const said = [
      success(health),
      mark(health, 'healthy')?.health,
      markMisconfigured(health, 'quota', T0).health,
      recordOutcome(health, { kind: 'failure', class: 'auth' }, T0, DEFAULT_HEALTH_POLICY).health,
    ];
    for (const after of said) {
      expect(after?.misconfigured).toBe('key');
      expect(availability(after as ProviderHealth, T0)).toEqual({
        available: false,
        reason: 'misconfigured',
      });
    }
    for (const what of ['auth', 'quota', 'key'] as const)
      expect(markMisconfigured(health, what, T0 + 2)).toEqual({ health, transitions: [] });
    const open = markKeyReadable(health, T0 + 2);
    expect(open).toEqual({ health: { ...NEW_PROVIDER, revision: T0 + 2 }, transitions: [] });
  });
});
