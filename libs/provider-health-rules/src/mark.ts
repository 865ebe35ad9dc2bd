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
  for (const field of ['permits', 'rate', 'unhealthyUntil'] as const) delete next[field];
  if (next.misconfigured !== 'key') delete next.misconfigured;
  if (mark.status === 'unhealthy') next = startTimeout(next, now, policy);
  if (mark.status === next.status) return revise(settled.health, next, now, settled.transitions);
  const changed = changeStatus(next, mark.status, { reason: 'marked', rule: 'mark' });
  return revise(settled.health, changed.health, now, [...settled.transitions, changed.transition]);
}

/**
 * Says that a provider cannot be called as it is set up: it refuses our credentials or quota, until a call is served; or its
 * key cannot be opened, until it can, whatever else is said of it.
 */
export function markMisconfigured(
  health: ProviderHealth,
  misconfigured: NonNullable<ProviderHealth['misconfigured']>,
  now: number,
): Step {
  if (health.misconfigured === 'key') return { health, transitions: [] };
  return revise(health, { ...health, misconfigured }, now);
}

/** Says that the key of a provider can be opened, or that it has none any more. */
export function markKeyReadable(health: ProviderHealth, now: number): Step {
  if (health.misconfigured !== 'key') return { health, transitions: [] };
  const next = { ...health };
  delete next.misconfigured;
  return revise(health, next, now);
}
