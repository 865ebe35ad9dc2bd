import type {
  AvailabilityReason,
  HealthSnapshot,
  ProviderStatusName,
  StatusRule,
} from '@gatehouse/provider-health-contracts';
import type { RateWindow } from './failure-rate.js';

/** What is known of a provider. Times in milliseconds since 1970, by the clock of Redis. */
export interface ProviderHealth extends HealthSnapshot {
  /** While an override holds: what the status is again after it. */
  beneath?: { status: ProviderStatusName; rule?: StatusRule };
  /** Of a half-open provider: who may try it, by the permit, and until when. */
  permits?: Readonly<Record<string, number>>;
  /** The calls within the window of the failure-rate rule, where there is one. */
  rate?: RateWindow;
}

/** How long a provider that is rate-limited is left alone when it does not say how long. */
export const DEFAULT_RETRY_AFTER_MS = 30_000;

export const NEW_PROVIDER: Readonly<ProviderHealth> = {
  status: 'healthy',
  version: 0,
  revision: 0,
  failures: 0,
  successes: 0,
};

/** Whether an operator's word holds now. */
export const isOverridden = ({ override }: ProviderHealth, now: number): boolean =>
  override !== undefined && (override.until === undefined || now < override.until);

/** Whether the timeout of an unhealthy provider runs. */
export const isWaiting = (health: ProviderHealth, now: number): boolean =>
  health.status === 'unhealthy' && !isOverridden(health, now) && now < (health.unhealthyUntil ?? 0);

/** Whether a provider may be called now, and why or why not. */
export function availability(
  health: ProviderHealth,
  now: number,
): { available: boolean; reason: AvailabilityReason } {
  const overridden = isOverridden(health, now);
  if (overridden && health.override?.status === 'maintenance')
    return { available: false, reason: 'maintenance' };
  if (overridden && health.status === 'unhealthy') return { available: false, reason: 'overridden' };
  if (!overridden && health.misconfigured === 'key') return { available: false, reason: 'misconfigured' };
  if (isWaiting(health, now)) return { available: false, reason: 'timeout' };
  if (now < (health.closedUntil ?? 0)) return { available: false, reason: 'rate-limited' };
  if (health.status === 'unhealthy') return { available: true, reason: 'half-open' };
  return { available: true, reason: health.misconfigured === undefined ? health.status : 'misconfigured' };
}
