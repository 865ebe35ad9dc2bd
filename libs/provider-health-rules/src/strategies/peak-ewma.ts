/** After this time a measured response time weighs 1/e. */
const DECAY_MS = 30_000;

/** How long a provider takes to answer, as one process has measured it; milliseconds. */
export interface PeakEwma {
  readonly valueMs: number;
  /** When it was measured last. */
  readonly at: number;
}

/**
 * Takes a response time into the average: a slower one is believed at once, faster ones by and by (peak EWMA, as Finagle's
 * balancer has it). So a provider that stalls is avoided after one call, and comes back when it is measured again.
 */
export function observe(before: PeakEwma | undefined, responseTimeMs: number, now: number): PeakEwma {
  if (before === undefined || responseTimeMs >= before.valueMs) return { valueMs: responseTimeMs, at: now };
  const kept = Math.exp(-Math.max(now - before.at, 0) / DECAY_MS);
  return { valueMs: before.valueMs * kept + responseTimeMs * (1 - kept), at: now };
}

/** What is to be expected now: a peak fades although nobody calls, or one that was slow once would never be called again. */
export function expectedMs(measured: PeakEwma, now: number): number {
  return measured.valueMs * Math.exp(-Math.max(now - measured.at, 0) / DECAY_MS);
}
