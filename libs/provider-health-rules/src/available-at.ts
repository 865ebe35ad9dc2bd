import type { ProviderHealth } from './provider-health.js';

/** When a provider that waits or is rate-limited may be called again, ms since 1970; undefined when neither holds. */
export function availableAt(
  health: Pick<ProviderHealth, 'status' | 'unhealthyUntil' | 'closedUntil'>,
  now: number,
): number | undefined {
  const until = Math.max(
    health.status === 'unhealthy' ? (health.unhealthyUntil ?? 0) : 0,
    health.closedUntil ?? 0,
  );
  return until > now ? until : undefined;
}
