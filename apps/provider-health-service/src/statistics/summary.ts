import type { ProviderStatistics, ResponseTimePercentiles } from '@gatehouse/provider-health-contracts';
import type { Sketch } from './sketch.js';
import type { Tally } from './tally.js';

type Summary = Pick<
  ProviderStatistics,
  'calls' | 'successes' | 'failures' | 'failuresByClass' | 'successRate' | 'responseTimeMs'
>;

/** What a tally says of a provider. */
export function summarize({ successes, failures: byClass, responseTimes }: Tally): Summary {
  let failures = 0;
  for (const count of byClass.values()) failures += count;
  const callersOwn = (byClass.get('client') ?? 0) + (byClass.get('cancelled') ?? 0);
  const served = successes + failures - callersOwn;
  return {
    ...{ calls: successes + failures, successes, failures },
    failuresByClass: Object.fromEntries(byClass),
    successRate: served > 0 ? successes / served : null,
    responseTimeMs: percentilesOf(responseTimes),
  };
}

/** `null` when there are none. */
export function percentilesOf(sketch: Sketch): ResponseTimePercentiles | null {
  const at = (share: number): number => rounded(sketch.percentile(share) ?? 0);
  return sketch.count === 0 ? null : { p50: at(0.5), p90: at(0.9), p95: at(0.95), p99: at(0.99), max: at(1) };
}

/** To five digits, which is more than the sketch knows. */
const rounded = (value: number): number => Number(value.toPrecision(5));
