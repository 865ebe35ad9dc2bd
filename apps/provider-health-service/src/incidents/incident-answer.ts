import type { ProviderIncident } from '@gatehouse/provider-health-contracts';

interface StoredIncident extends Omit<ProviderIncident, 'openedAt' | 'closedAt' | 'durationSeconds'> {
  openedAt: Date;
  closedAt: Date | null;
}

/** @param now ms since 1970: how long an open one has lasted */
export function toIncidentAnswer(stored: StoredIncident, now: number): ProviderIncident {
  const { id, provider, severity, flaps, transitions, firstReason, lastReason, openedAt, closedAt } = stored;
  const end = closedAt?.getTime() ?? now;
  return {
    ...{ id, provider, severity, flaps, transitions, firstReason, lastReason },
    openedAt: openedAt.toISOString(),
    closedAt: closedAt?.toISOString() ?? null,
    durationSeconds: Math.max(end - openedAt.getTime(), 0) / 1000,
  };
}
