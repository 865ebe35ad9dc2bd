import type { FailureBody, SuccessBody } from '@gatehouse/provider-health-contracts';
import type { TrackedProvider } from '../health-tracking/tracked-provider.js';
import type { CheckFinding } from './check-outcome.js';

/** A check's finding as an outcome that counts. */
export function toOutcome(
  finding: CheckFinding,
  of: { outcomeId?: string; version?: number },
): SuccessBody | FailureBody {
  const { class: failureClass, message, responseTimeMs, retryAfter } = finding;
  if (finding.ok || failureClass === undefined) return { ...of, responseTimeMs };
  return {
    ...{ ...of, class: failureClass, responseTimeMs, message: `health check: ${message}` },
    ...(retryAfter !== undefined && { retryAfter }),
  };
}

/** When the newest outcome of a provider was counted, ms since 1970; 0 when there was none. */
export const lastOutcomeAt = ({ health }: Pick<TrackedProvider, 'health'>): number =>
  Math.max(health.lastSuccessAt ?? 0, health.lastFailureAt ?? 0);
