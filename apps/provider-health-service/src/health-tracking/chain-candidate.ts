import { availability, availableAt, type Candidate } from '@gatehouse/provider-health-rules';
import { type Percentiles, responseTimes, type TrackedProvider } from './tracked-provider.js';

/** A provider as strategies see it. */
export function toCandidate(
  { name, health, facts }: TrackedProvider,
  now: number,
  percentiles: Percentiles | undefined,
): Candidate {
  const { available, reason } = availability(health, now);
  const { status, version, lastResponseMs } = health;
  return {
    ...{ name, status, available, reason, version },
    availableAt: availableAt(health, now),
    responseTimeMs: responseTimes(lastResponseMs, percentiles),
    provider: { weight: facts.weight, costPerMillionTokens: facts.costPerMillionTokens },
  };
}
