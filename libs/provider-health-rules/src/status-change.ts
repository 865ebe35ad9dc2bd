import type { ProviderStatusName, StatusChange, StatusRule } from '@gatehouse/provider-health-contracts';
import type { ProviderHealth } from './provider-health.js';

/** One change of the status. */
export type Transition = Pick<StatusChange, 'from' | 'to' | 'reason' | 'version'>;

/** What a command made of a provider, and the changes of its status on the way, in their order. */
export interface Step {
  health: ProviderHealth;
  transitions: readonly Transition[];
}

const VISIBLE = [
  ...(['status', 'version', 'rule', 'unhealthyUntil', 'unhealthyVersion'] as const),
  ...(['closedUntil', 'misconfigured', 'override'] as const),
];

/** Changes the status. What was half-open is over with it: permits are void. */
export function changeStatus(
  health: ProviderHealth,
  to: ProviderStatusName,
  by: { reason: Transition['reason']; rule?: StatusRule },
): { health: ProviderHealth; transition: Transition } {
  const version = health.version + 1;
  const next: ProviderHealth = { ...health, status: to, version, rule: by.rule };
  delete next.permits;
  if (by.rule === undefined) delete next.rule;
  if (to === 'unhealthy') next.unhealthyVersion = version;
  return { health: next, transition: { from: health.status, to, reason: by.reason, version } };
}

/**
 * Ends a command: what others can see of it has a new revision. A revision is a time, so that it grows also over a Redis
 * that has lost the last one, and at least one more than the last, so that it grows over a clock that was set back.
 */
export function revise(
  before: ProviderHealth,
  after: ProviderHealth,
  now: number,
  transitions: readonly (Transition | undefined)[] = [],
): Step {
  const changed = VISIBLE.some((field) => before[field] !== after[field]);
  const health = changed ? { ...after, revision: Math.max(before.revision + 1, now) } : after;
  return { health, transitions: transitions.filter((transition) => transition !== undefined) };
}
