const [SECONDS, MINUTES, HOURS] = [1_000, 60_000, 3_600_000];

/**
 * How long after each failed attempt the next one follows, in milliseconds: the schedule of Standard Webhooks. The first
 * attempt is at once, the tenth and last about three days later.
 */
export const RETRY_DELAYS_MS: readonly number[] = [
  ...[5 * SECONDS, 5 * MINUTES, 30 * MINUTES],
  ...[2, 5, 10, 14, 20, 24].map((hours) => hours * HOURS),
];

/** Up to this share later, so that what failed together does not come back together. */
const JITTER = 0.2;
/** A receiver may ask to be left alone for so long at most. */
const LONGEST_WAIT_MS = 24 * HOURS;

/**
 * How long to wait after a failed attempt, in milliseconds; undefined after the last one.
 *
 * @param attempts how many there have been, this one among them
 * @param of.random from 0 to 1
 * @param of.retryAfterMs what the receiver asked for; a longer wait is honoured, up to a day, a shorter one shortens nothing
 */
export function retryDelayMs(
  attempts: number,
  of: { random: number; retryAfterMs?: number | undefined },
): number | undefined {
  const delay = RETRY_DELAYS_MS[attempts - 1];
  if (delay === undefined) return undefined;
  const asked = Math.min(of.retryAfterMs ?? 0, LONGEST_WAIT_MS);
  return Math.round(Math.max(delay, asked) * (1 + JITTER * of.random));
}
