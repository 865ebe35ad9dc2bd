import type {
  AvailabilityReason,
  FailureClass,
  HealthPolicy,
  ProviderStatusName,
} from '@gatehouse/provider-health-contracts';

/** What is known of a provider. Times in milliseconds since 1970, by the clock of Redis. */
export interface ProviderHealth {
  status: ProviderStatusName;
  /** Grows by one with each change of the status. */
  version: number;
  failures: number;
  successes: number;
  lastFailureAt?: number;
  lastSuccessAt?: number;
  /** Of an unhealthy provider: until then it is not called. */
  unhealthyUntil?: number;
  /** The version with which it last became unhealthy. */
  unhealthyVersion?: number;
  /** It asked not to be called until then. */
  closedUntil?: number;
  /** It refused our credentials or quota, and has not served a call since. */
  misconfigured?: boolean;
}

export type Outcome = { version?: number } & (
  { kind: 'success' } | { kind: 'failure'; class: FailureClass; retryAfterMs?: number }
);

export interface Transition {
  from: ProviderStatusName;
  to: ProviderStatusName;
  reason: 'consecutive-failures' | 'consecutive-successes';
  version: number;
}

/** How long a provider that is rate-limited is left alone when it does not say how long. */
export const DEFAULT_RETRY_AFTER_MS = 30_000;

export const NEW_PROVIDER: Readonly<ProviderHealth> = {
  status: 'healthy',
  version: 0,
  failures: 0,
  successes: 0,
};

/**
 * The state machine of a provider's health: what one outcome makes of what is known.
 * `lua/health-tracking/record-outcome.lua` is the same on Redis, in one step for the whole fleet; a test drives both with the
 * same sequences and demands equality.
 *
 * Consecutive failures degrade it and then make it unhealthy, consecutive successes make it healthy. While it is unhealthy
 * and the timeout runs, outcomes change nothing; afterwards it is half-open: enough successes make it healthy, one failure
 * starts the timeout again.
 */
export function recordOutcome(
  health: ProviderHealth,
  outcome: Outcome,
  now: number,
  policy: HealthPolicy,
): { health: ProviderHealth; transition?: Transition } {
  if (isStale(health, outcome) || isWaiting(health, now)) return { health };
  if (outcome.kind === 'success') return recordSuccess(health, now, policy);
  switch (outcome.class) {
    case 'client':
    case 'cancelled':
      return { health };
    case 'rate-limited': {
      const until = now + (outcome.retryAfterMs ?? DEFAULT_RETRY_AFTER_MS);
      return { health: { ...health, closedUntil: Math.max(health.closedUntil ?? 0, until) } };
    }
    case 'auth':
    case 'quota':
      return recordFailure({ ...health, misconfigured: true }, now, policy);
    default:
      return recordFailure(health, now, policy);
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

function isWaiting(health: ProviderHealth, now: number): boolean {
  return health.status === 'unhealthy' && now < (health.unhealthyUntil ?? 0);
}

function recordSuccess(health: ProviderHealth, now: number, policy: HealthPolicy) {
  const next = { ...health, failures: 0, successes: health.successes + 1, lastSuccessAt: now };
  delete next.misconfigured;
  if (next.status === 'healthy' || next.successes < policy.healthyAfter) return { health: next };
  delete next.unhealthyUntil;
  return change(next, 'healthy', 'consecutive-successes');
}

function recordFailure(health: ProviderHealth, now: number, policy: HealthPolicy) {
  const window = policy.failureWindowSeconds * 1000;
  const run = health.lastFailureAt !== undefined && now - health.lastFailureAt > window ? 0 : health.failures;
  const next = { ...health, failures: run + 1, successes: 0, lastFailureAt: now };
  const unhealthyUntil = now + policy.unhealthySeconds * 1000;
  if (next.status === 'unhealthy') return { health: { ...next, unhealthyUntil } };
  if (next.failures >= policy.unhealthyAfter) {
    const changed = change({ ...next, unhealthyUntil }, 'unhealthy', 'consecutive-failures');
    return { ...changed, health: { ...changed.health, unhealthyVersion: changed.health.version } };
  }
  if (next.status === 'healthy' && next.failures >= policy.degradedAfter) {
    return change(next, 'degraded', 'consecutive-failures');
  }
  return { health: next };
}

function change(health: ProviderHealth, to: ProviderStatusName, reason: Transition['reason']) {
  const version = health.version + 1;
  return {
    health: { ...health, status: to, version },
    transition: { from: health.status, to, reason, version },
  };
}

/** Whether a provider may be called now, and why or why not. */
export function availability(
  health: ProviderHealth,
  now: number,
): { available: boolean; reason: AvailabilityReason } {
  if (isWaiting(health, now)) return { available: false, reason: 'timeout' };
  if (now < (health.closedUntil ?? 0)) return { available: false, reason: 'rate-limited' };
  if (health.status === 'unhealthy') return { available: true, reason: 'half-open' };
  return { available: true, reason: health.misconfigured === true ? 'misconfigured' : health.status };
}
