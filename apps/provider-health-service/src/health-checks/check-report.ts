import type { FailureBody, ProviderStatus, SuccessBody } from '@gatehouse/provider-health-contracts';
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

/** When the newest outcome of a provider was counted, ms since 1970. */
export function lastOutcomeAt({ lastSuccessAt, lastFailure }: ProviderStatus): number {
  return Math.max(...[lastSuccessAt, lastFailure?.at].map((at) => (at ? Date.parse(at) : 0)));
}
