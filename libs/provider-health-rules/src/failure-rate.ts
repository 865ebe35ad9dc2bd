import type { FailureRatePolicy } from '@gatehouse/provider-health-contracts';

/** Calls and failures in buckets of time, the oldest first; a bucket that is out of the window is left out. */
export interface RateWindow {
  /** Length of a bucket, ms. */
  width: number;
  /** `[index, calls, failures]`; the index is the time divided by the width. */
  buckets: readonly (readonly [index: number, calls: number, failures: number])[];
}

const BUCKETS = 10;

/**
 * Counts a call. Buckets expire by the time, not by what comes after them, so that an hour without calls leaves nothing;
 * what lies in the future, by a clock that was set back, is left out too.
 */
export function countCall(
  window: RateWindow | undefined,
  { failed, now, policy }: { failed: boolean; now: number; policy: FailureRatePolicy },
): RateWindow {
  const width = (policy.windowSeconds * 1000) / BUCKETS;
  const current = Math.floor(now / width);
  const kept = window?.width === width ? window.buckets : [];
  const buckets = kept.filter(([index]) => index > current - BUCKETS && index <= current);
  const last = buckets.at(-1);
  const failures = failed ? 1 : 0;
  if (last?.[0] !== current) return { width, buckets: [...buckets, [current, 1, failures]] };
  return { width, buckets: [...buckets.slice(0, -1), [current, last[1] + 1, last[2] + failures]] };
}

/** The share of calls that failed; undefined where the rule says nothing: there is none, or too few calls. */
export function failureShare(
  window: RateWindow | undefined,
  policy: FailureRatePolicy | undefined,
): number | undefined {
  if (window === undefined || policy === undefined) return undefined;
  const calls = window.buckets.reduce((sum, bucket) => sum + bucket[1], 0);
  const failures = window.buckets.reduce((sum, bucket) => sum + bucket[2], 0);
  return calls < policy.minimumCalls ? undefined : failures / calls;
}
