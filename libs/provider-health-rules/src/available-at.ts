import { availability, type ProviderHealth } from './provider-health.js';

/**
 * When a provider that is not available may be called again, ms since 1970; undefined when it is available, or when nobody
 * knows, as while an operator's word holds that has no end.
 */
export function availableAt(health: ProviderHealth, now: number): number | undefined {
  switch (availability(health, now).reason) {
    case 'timeout':
      return Math.max(health.unhealthyUntil ?? now, health.closedUntil ?? now);
    case 'rate-limited':
      return health.closedUntil;
    case 'maintenance':
    case 'overridden':
      return health.override?.until;
    default:
      return undefined;
  }
}
