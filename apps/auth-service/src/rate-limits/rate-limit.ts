import { z } from 'zod';

/** So many attempts in a window of so many seconds. */
export interface RateLimit {
  count: number;
  seconds: number;
}

/** Where a caller stands with a limit. */
export interface LimitState {
  /** What is counted, e.g. `login-address`. */
  name: string;
  limit: RateLimit;
  /** Attempts that are left in this window. */
  remaining: number;
  /** Until the window ends. */
  resetSeconds: number;
}

/** A variable of the form `count/seconds`, e.g. `300/60`. */
export const rateLimit = () =>
  z
    .string()
    .regex(/^[1-9]\d{0,8}\/[1-9]\d{0,6}$/, 'must be count/seconds, for example 300/60')
    .transform((text): RateLimit => {
      const [count, seconds] = text.split('/').map(Number) as [number, number];
      return { count, seconds };
    });

/** The limit that will refuse first. */
export function tightest(states: readonly LimitState[]): LimitState | undefined {
  return states.reduce<LimitState | undefined>(
    (least, state) => (least === undefined || state.remaining < least.remaining ? state : least),
    undefined,
  );
}

/**
 * The headers of draft-ietf-httpapi-ratelimit-headers: `RateLimit-Policy` and `RateLimit` name every limit, and for the
 * one that will refuse first the three of the earlier drafts, which most clients read.
 */
export function rateLimitHeaders(states: readonly LimitState[]): Record<string, string> {
  const first = tightest(states);
  if (first === undefined) return {};
  return {
    'ratelimit-policy': states
      .map(({ name, limit }) => `"${name}";q=${limit.count};w=${limit.seconds}`)
      .join(', '),
    ratelimit: states
      .map(({ name, remaining, resetSeconds }) => `"${name}";r=${remaining};t=${resetSeconds}`)
      .join(', '),
    'ratelimit-limit': String(first.limit.count),
    'ratelimit-remaining': String(first.remaining),
    'ratelimit-reset': String(first.resetSeconds),
  };
}
