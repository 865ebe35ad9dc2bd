import { availability, availableAt, type Candidate } from '@gatehouse/provider-health-rules';
import type { TrackedProvider } from './tracked-provider.js';

/**
 * A provider as strategies see it.
 *
 * @param settings what is known of it from PostgreSQL, where the strategy asks for that
 */
export function toCandidate(
  { name, health, lastResponseMs }: TrackedProvider,
  now: number,
  settings?: { weight: number; costPerMillionTokens?: number | null },
): Candidate {
  const { available, reason } = availability(health, now);
  return {
    ...{ name, status: health.status, available, reason, version: health.version },
    availableAt: availableAt(health, now),
    responseTimeMs: lastResponseMs === undefined ? undefined : { last: lastResponseMs },
    provider: settings && {
      weight: settings.weight,
      costPerMillionTokens: settings.costPerMillionTokens ?? undefined,
    },
  };
}
