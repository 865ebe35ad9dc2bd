import type { FailureClass, HealthPolicy, StatusRule } from '@gatehouse/provider-health-contracts';
import { countCall, failureShare } from './failure-rate.js';
import { settleOverride } from './override.js';
import { withoutPermit } from './probe-permit.js';
import { DEFAULT_RETRY_AFTER_MS, isOverridden, isWaiting, type ProviderHealth } from './provider-health.js';
import { changeStatus, revise, type Step, type Transition } from './status-change.js';

/** What a call to a provider came to. */
export type Outcome = {
  /** Of the status under which the call began. */
  version?: number;
  /** Under which a half-open provider was called. */
  permit?: string;
  responseTimeMs?: number;
} & ({ kind: 'success' } | { kind: 'failure'; class: FailureClass; retryAfterMs?: number; message?: string });

type Change = { health: ProviderHealth; transition?: Transition };
type Failure = Extract<Outcome, { kind: 'failure' }>;

/**
 * The state machine of a provider's health: what one outcome makes of what is known.
 * `lua/health-tracking/provider-health.lua` of the service is the same on Redis, in one step for the whole fleet; a test
 * drives both with the same sequences and demands equality.
 *
 * Consecutive failures degrade it and then make it unhealthy, consecutive successes make it healthy. While it is unhealthy
 * and the timeout runs, or an operator's word holds, outcomes do not count; after the timeout it is half-open: enough
 * successes make it healthy, one failure starts the timeout again.
 *
 * The failure-rate rule speaks beside it, with each call that counts, when there are enough of them in its window: it
 * degrades from `degradedFrom` on and makes unhealthy from `unhealthyFrom` on. Whichever rule degraded a provider, a run of
 * successes does not heal it while the share is at or above `recoveredBelow`; what the rate degraded heals with the first
 * success after which the share is below. Where it says nothing, since calls are few, runs alone decide: a provider
 * that nobody calls any more because it is degraded must not stay so for ever. Its window begins anew when the provider
 * becomes unhealthy.
 */
export function recordOutcome(
  before: ProviderHealth,
  outcome: Outcome,
  now: number,
  policy: HealthPolicy,
): Step {
  const settled = settleOverride(before, now);
  let health = withoutPermit(settled.health, outcome.permit);
  if (outcome.responseTimeMs !== undefined) health = { ...health, lastResponseMs: outcome.responseTimeMs };
  const { health: after, transition } = count(health, outcome, now, policy);
  return revise(settled.health, after, now, [...settled.transitions, transition]);
}

function count(health: ProviderHealth, outcome: Outcome, now: number, policy: HealthPolicy): Change {
  if (isStale(health, outcome) || isWaiting(health, now)) return { health };
  if (outcome.kind === 'failure' && outcome.class === 'rate-limited') {
    const until = now + (outcome.retryAfterMs ?? DEFAULT_RETRY_AFTER_MS);
    return { health: { ...health, closedUntil: Math.max(health.closedUntil ?? 0, until) } };
  }
  if (isOverridden(health, now)) return { health };
  if (outcome.kind === 'success') return countSuccess(health, now, policy);
  switch (outcome.class) {
    case 'client':
    case 'cancelled':
      return { health };
    case 'auth':
    case 'quota':
      return countFailure(
        { ...health, misconfigured: health.misconfigured === 'key' ? 'key' : outcome.class },
        outcome,
        now,
        policy,
      );
    default:
      return countFailure(health, outcome, now, policy);
  }
}

/** A call that began before the provider became unhealthy tells nothing of what it is since: versions, not clocks. */
function isStale(health: ProviderHealth, outcome: Outcome): boolean {
  return (
    outcome.version !== undefined &&
    health.unhealthyVersion !== undefined &&
    outcome.version < health.unhealthyVersion
  );
}

function countSuccess(health: ProviderHealth, now: number, policy: HealthPolicy): Change {
  const next = withCall({ ...health, failures: 0, successes: health.successes + 1 }, false, now, policy);
  next.lastSuccessAt = now;
  if (next.misconfigured !== 'key') delete next.misconfigured;
  const share = failureShare(next.rate, policy.failureRate);
  const stillFails = share !== undefined && share >= (policy.failureRate?.recoveredBelow ?? 0);
  if (next.status === 'degraded' && next.rule === 'failure-rate' && share !== undefined && !stillFails)
    return changeStatus(next, 'healthy', { reason: 'failure-rate', rule: 'failure-rate' });
  const heals = next.status === 'unhealthy' || (next.status === 'degraded' && !stillFails);
  if (heals && next.successes >= policy.healthyAfter) {
    delete next.unhealthyUntil;
    return changeStatus(next, 'healthy', { reason: 'consecutive-successes', rule: 'consecutive' });
  }
  return byRate(next, share, now, policy);
}

function countFailure(health: ProviderHealth, failure: Failure, now: number, policy: HealthPolicy): Change {
  const window = policy.failureWindowSeconds * 1000;
  const run = health.lastFailureAt !== undefined && now - health.lastFailureAt > window ? 0 : health.failures;
  const next = withCall({ ...health, failures: run + 1, successes: 0 }, true, now, policy);
  next.lastFailureAt = now;
  next.lastFailure = { class: failure.class };
  if (failure.message) next.lastFailure.message = failure.message;
  if (next.status === 'unhealthy') return { health: startTimeout(next, now, policy) };
  if (next.failures >= policy.unhealthyAfter) return makeUnhealthy(next, 'consecutive', now, policy);
  const share = failureShare(next.rate, policy.failureRate);
  const degrades = next.status === 'healthy' && next.failures >= policy.degradedAfter;
  if (!degrades || (share ?? 0) >= (policy.failureRate?.unhealthyFrom ?? 1))
    return byRate(next, share, now, policy);
  return changeStatus(next, 'degraded', { reason: 'consecutive-failures', rule: 'consecutive' });
}

/** What the failure-rate rule says. */
function byRate(
  health: ProviderHealth,
  share: number | undefined,
  now: number,
  policy: HealthPolicy,
): Change {
  const { failureRate } = policy;
  if (share === undefined || failureRate === undefined || health.status === 'unhealthy') return { health };
  if (share >= failureRate.unhealthyFrom) return makeUnhealthy(health, 'failure-rate', now, policy);
  if (health.status === 'healthy' && share >= failureRate.degradedFrom)
    return changeStatus(health, 'degraded', { reason: 'failure-rate', rule: 'failure-rate' });
  return { health };
}

function makeUnhealthy(health: ProviderHealth, rule: StatusRule, now: number, policy: HealthPolicy): Change {
  const reason = rule === 'failure-rate' ? 'failure-rate' : 'consecutive-failures';
  return changeStatus(startTimeout(health, now, policy), 'unhealthy', { reason, rule });
}

function withCall(
  health: ProviderHealth,
  failed: boolean,
  now: number,
  policy: HealthPolicy,
): ProviderHealth {
  if (policy.failureRate !== undefined)
    return { ...health, rate: countCall(health.rate, { failed, now, policy: policy.failureRate }) };
  const next = { ...health };
  delete next.rate;
  return next;
}

/** Leaves an unhealthy provider alone from now on: whoever tries it does so in vain, and its window begins anew. */
export function startTimeout(health: ProviderHealth, now: number, policy: HealthPolicy): ProviderHealth {
  const next = { ...health, unhealthyUntil: now + policy.unhealthySeconds * 1000 };
  delete next.permits;
  delete next.rate;
  return next;
}
