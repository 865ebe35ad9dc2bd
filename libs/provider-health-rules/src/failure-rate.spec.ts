import {
  DEFAULT_HEALTH_POLICY,
  FailureRatePolicy,
  type HealthPolicy,
} from '@gatehouse/provider-health-contracts';
import { countCall, failureShare, type RateWindow } from './failure-rate.js';
import { recordOutcome } from './outcome-recording.js';
import { NEW_PROVIDER, type ProviderHealth } from './provider-health.js';

const T0 = 1_700_000_000_000;
/** Ten buckets of three seconds. */
const RATE = FailureRatePolicy.parse({
  ...{ windowSeconds: 30, minimumCalls: 4 },
  ...{ degradedFrom: 0.3, recoveredBelow: 0.2, unhealthyFrom: 0.6 },
});
const WIDTH = 3_000;
const POLICY: HealthPolicy = {
  ...DEFAULT_HEALTH_POLICY,
  ...{ degradedAfter: 100, unhealthyAfter: 200, unhealthySeconds: 20, failureRate: RATE },
};

const count = (window: RateWindow | undefined, now: number, failed = false) =>
  countCall(window, { failed, now, policy: RATE });

/** `f` a failure, `.` a success, a second apart unless told. */
function play(
  calls: string,
  health: ProviderHealth = NEW_PROVIDER,
  { from = T0, everyMs = 0, policy = POLICY } = {},
) {
  const transitions: string[] = [];
  for (const [index, call] of [...calls].entries()) {
    const outcome =
      call === 'f' ? ({ kind: 'failure', class: 'server' } as const) : ({ kind: 'success' } as const);
    const step = recordOutcome(health, outcome, from + index * everyMs, policy);
    health = step.health;
    transitions.push(...step.transitions.map(({ to, reason }) => `${to} by ${reason} at ${index + 1}`));
  }
  return { health, transitions };
}

describe('countCall', () => {
  it('counts calls of one bucket together, and begins another at its edge', () => {
    const first = count(count(undefined, T0 - (T0 % WIDTH)), T0 - (T0 % WIDTH) + WIDTH - 1, true);
    const index = Math.floor(T0 / WIDTH);
    expect(first).toEqual({ width: WIDTH, buckets: [[index, 2, 1]] });
    expect(count(first, (index + 1) * WIDTH)).toEqual({
      width: WIDTH,
      buckets: [
        [index, 2, 1],
        [index + 1, 1, 0],
      ],
    });
  });

  it('leaves out the bucket that is ten old, and no younger one', () => {
    const window = count(undefined, 0);
    const nine = count(window, 9 * WIDTH);
    expect(nine.buckets.map(([index]) => index)).toEqual([0, 9]);
    expect(count(window, 10 * WIDTH).buckets.map(([index]) => index)).toEqual([10]);
    expect(count(nine, 10 * WIDTH - 1).buckets).toEqual([
      [0, 1, 0],
      [9, 2, 0],
    ]);
  });

  it('leaves out what lies in the future, as after a clock was set back', () => {
    const ahead = count(undefined, 100 * WIDTH, true);
    expect(count(ahead, 50 * WIDTH).buckets).toEqual([[50, 1, 0]]);
    expect(count(ahead, 100 * WIDTH + 1).buckets).toEqual([[100, 2, 1]]);
  });

  it('begins anew when the width is another', () => {
    const wide = countCall(count(undefined, T0, true), {
      ...{ failed: false, now: T0 },
      policy: { ...RATE, windowSeconds: 60 },
    });
    expect(wide).toEqual({ width: 6_000, buckets: [[Math.floor(T0 / 6_000), 1, 0]] });
  });

  it('leaves the window before it as it was', () => {
    const before = count(undefined, T0);
    const copy = structuredClone(before);
    count(before, T0, true);
    expect(before).toEqual(copy);
  });
});

describe('failureShare', () => {
  const window = (...buckets: [number, number, number][]): RateWindow => ({ width: WIDTH, buckets });

  it('says nothing of too few calls, and something of just enough', () => {
    expect(failureShare(window([1, 3, 3]), RATE)).toBeUndefined();
    expect(failureShare(window([1, 2, 1], [2, 2, 0]), RATE)).toBe(0.25);
    expect(failureShare(undefined, RATE)).toBeUndefined();
    expect(failureShare(window([1, 9, 9]), undefined)).toBeUndefined();
  });
});

describe('the failure-rate rule', () => {
  it('degrades at its share and not below, with enough calls and not before', () => {
    expect(play('ff').transitions).toEqual([]);
    // 2 of 9 are less than 30 %, 3 of 10 are 30 %.
    expect(play('.....f..f').transitions).toEqual([]);
    expect(play('.....f..ff').transitions).toEqual(['degraded by failure-rate at 10']);
    expect(play('...f').transitions).toEqual([]);
    expect(play('..ff').transitions).toEqual(['degraded by failure-rate at 4']);
  });

  it('makes unhealthy at its share, from healthy too', () => {
    expect(play('..fff').transitions).toEqual([
      'degraded by failure-rate at 4',
      'unhealthy by failure-rate at 5',
    ]);
    expect(play('.fff').transitions).toEqual(['unhealthy by failure-rate at 4']);
    const { health } = play('.fff');
    expect(health).toMatchObject({ rule: 'failure-rate', unhealthyUntil: T0 + 20_000, unhealthyVersion: 1 });
    expect(health).not.toHaveProperty('rate');
  });

  it('heals below its lower share only: between the two nothing changes', () => {
    const { health } = play('..ff');
    expect(health.status).toBe('degraded');
    // 2 of 10 are 20 %, 2 of 11 are less.
    expect(play('......', health).transitions).toEqual([]);
    expect(play('.......', health).transitions).toEqual(['healthy by failure-rate at 7']);
    expect(play('.......', health).health.rule).toBe('failure-rate');
    // Above it there is no way back by a run of successes.
    expect(play('...', health).health).toMatchObject({ status: 'degraded', successes: 3 });
  });

  it('heals by a run of successes when it has nothing to say any more', () => {
    const { health } = play('..ff');
    const later = play('...', health, { from: T0 + 60_000 });
    expect(later.transitions).toEqual(['healthy by consecutive-successes at 3']);
    expect(later.health.rule).toBe('consecutive');
  });

  it('keeps what runs have degraded from healing while too many calls fail', () => {
    const policy = {
      ...POLICY,
      degradedAfter: 2,
      failureRate: { ...RATE, degradedFrom: 0.9, unhealthyFrom: 1 },
    };
    const { health } = play('..ff', NEW_PROVIDER, { policy });
    expect(health).toMatchObject({ status: 'degraded', rule: 'consecutive' });
    const options = { policy: { ...policy, failureRate: { ...RATE, unhealthyFrom: 1 } } };
    // 2 of 7, then 2 of 11.
    expect(play('...', health, options).health.status).toBe('degraded');
    expect(play('.......', health, options).transitions).toEqual(['healthy by consecutive-successes at 7']);
  });

  it('goes before a run that only degrades, when it makes unhealthy', () => {
    const policy = { ...POLICY, degradedAfter: 3 };
    expect(play('.fff', NEW_PROVIDER, { policy }).transitions).toEqual(['unhealthy by failure-rate at 4']);
    expect(play('...fff', NEW_PROVIDER, { policy }).transitions).toEqual(['degraded by failure-rate at 5']);
    // 3 of 5 are just as many as it takes.
    expect(
      play('..fff', NEW_PROVIDER, { policy: { ...policy, failureRate: { ...RATE, minimumCalls: 5 } } })
        .transitions,
    ).toEqual(['unhealthy by failure-rate at 5']);
    const slow = { ...policy, failureRate: { ...RATE, minimumCalls: 100 } };
    expect(play('...fff', NEW_PROVIDER, { policy: slow }).transitions).toEqual([
      'degraded by consecutive-failures at 6',
    ]);
  });

  it('says nothing of one that is unhealthy, whose window begins anew when it is half-open', () => {
    const { health } = play('.fff');
    const open = health.unhealthyUntil ?? 0;
    const tried = play('..', health, { from: open }).health;
    expect(tried.rate?.buckets).toEqual([[Math.floor(open / WIDTH), 2, 0]]);
    expect(play('...', health, { from: open }).transitions).toEqual([
      'healthy by consecutive-successes at 3',
    ]);
    const again = play('...f', tried, { from: open });
    expect(again.health.status).toBe('healthy');
  });

  it('leaves nothing behind when the policy has it no more', () => {
    const { health } = play('..f');
    expect(health.rate).toBeDefined();
    for (const call of ['f', '.'])
      expect(play(call, health, { policy: DEFAULT_HEALTH_POLICY }).health).not.toHaveProperty('rate');
  });

  it('counts no call that is neither success nor failure', () => {
    const { health } = play('..f');
    for (const failureClass of ['client', 'cancelled', 'rate-limited'] as const) {
      const outcome = { kind: 'failure', class: failureClass } as const;
      expect(recordOutcome(health, outcome, T0, POLICY).health.rate).toEqual(health.rate);
    }
  });
});
