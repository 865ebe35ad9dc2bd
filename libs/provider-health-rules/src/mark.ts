import type { HealthPolicy, ProviderStatusName } from '@gatehouse/provider-health-contracts';
import { startTimeout } from './outcome-recording.js';
import { settleOverride } from './override.js';
import type { ProviderHealth } from './provider-health.js';
import { changeStatus, revise, type Step } from './status-change.js';

/**
 * Makes a provider what somebody says it is, after which outcomes go on counting: runs and the window of the failure rate
 * begin anew, and so does the timeout of one that is unhealthy. To the status that it has, it is no transition.
 *
 * @returns undefined while an operator's word holds: that is to be lifted first
 */
export function markProvider(
  before: ProviderHealth,
  mark: { status: ProviderStatusName; responseTimeMs?: number },
  now: number,
  policy: HealthPolicy,
): Step | undefined {
  const settled = settleOverride(before, now);
  if (settled.health.override !== undefined) return undefined;
  let next: ProviderHealth = { ...settled.health, failures: 0, successes: 0 };
  if (mark.responseTimeMs !== undefined) next.lastResponseMs = mark.responseTimeMs;
  for (const field of ['permits', 'rate', 'misconfigured', 'unhealthyUntil'] as const) delete next[field];
  if (mark.status === 'unhealthy') next = startTimeout(next, now, policy);
  if (mark.status === next.status) return revise(settled.health, next, now, settled.transitions);
  const changed = changeStatus(next, mark.status, { reason: 'marked', rule: 'mark' });
  return revise(settled.health, changed.health, now, [...settled.transitions, changed.transition]);
}

/** Says that a provider cannot be called as it is set up, until a call is served. */
export function markMisconfigured(
  health: ProviderHealth,
  misconfigured: NonNullable<ProviderHealth['misconfigured']>,
  now: number,
): Step {
  return revise(health, { ...health, misconfigured }, now);
}
