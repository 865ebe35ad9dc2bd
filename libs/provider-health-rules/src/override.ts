import type { HealthSnapshot } from '@gatehouse/provider-health-contracts';
import { isOverridden, type ProviderHealth } from './provider-health.js';
import { changeStatus, revise, type Step } from './status-change.js';

export type Override = NonNullable<HealthSnapshot['override']>;

/**
 * An operator's word on what the provider is, whatever its outcomes. What it was without it is kept beneath; a change of
 * what it is taken for is a transition.
 */
export function putOverride(before: ProviderHealth, override: Override, now: number): Step {
  const settled = settleOverride(before, now);
  const { health } = settled;
  const { status, rule } = health;
  const beneath = health.beneath ?? (rule === undefined ? { status } : { status, rule });
  const next: ProviderHealth = { ...health, override, beneath, rule: 'override' };
  delete next.permits;
  const to = override.status === 'maintenance' ? 'unhealthy' : override.status;
  if (to === status) return revise(settled.health, next, now, settled.transitions);
  const changed = changeStatus(next, to, { reason: 'overridden', rule: 'override' });
  return revise(settled.health, changed.health, now, [...settled.transitions, changed.transition]);
}

/** Takes an operator's word back: the provider is again what it was beneath, with runs and a window that begin anew. */
export function liftOverride(before: ProviderHealth, now: number): Step {
  const settled = settleOverride(before, now);
  return settled.health.override === undefined ? settled : end(settled.health, 'override-lifted', now);
}

/** Ends an override whose time has come. */
export function settleOverride(health: ProviderHealth, now: number): Step {
  if (health.override === undefined || isOverridden(health, now)) return { health, transitions: [] };
  return end(health, 'override-ended', now);
}

function end(health: ProviderHealth, reason: 'override-lifted' | 'override-ended', now: number): Step {
  const { status, rule } = health.beneath ?? { status: health.status };
  const next: ProviderHealth = { ...health, failures: 0, successes: 0, rule };
  if (rule === undefined) delete next.rule;
  delete next.override;
  delete next.beneath;
  delete next.rate;
  if (status === health.status) return revise(health, next, now);
  const changed = changeStatus(next, status, { reason, rule });
  return revise(health, changed.health, now, [changed.transition]);
}
