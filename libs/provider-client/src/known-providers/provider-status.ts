import type { ProviderStatus } from '@gatehouse/provider-health-contracts';
import { availability } from '@gatehouse/provider-health-rules';
import type { KnownProvider } from './known-provider.js';

/** A known provider as the service tells of one, its age left out. */
export function statusOf({ snapshot }: KnownProvider, now: number): Omit<ProviderStatus, 'ageMs'> {
  const { provider, health } = snapshot;
  const { lastFailure, lastFailureAt, lastSuccessAt, unhealthyUntil, misconfigured, override } = health;
  return {
    ...{ name: provider.name, status: health.status, ...availability(health, now) },
    ...(health.rule !== undefined && { rule: health.rule }),
    ...{ consecutiveFailures: health.failures, consecutiveSuccesses: health.successes },
    ...(lastFailure && lastFailureAt && { lastFailure: { at: iso(lastFailureAt), ...lastFailure } }),
    ...(lastSuccessAt && { lastSuccessAt: iso(lastSuccessAt) }),
    ...(unhealthyUntil && { unhealthyUntil: iso(unhealthyUntil) }),
    ...(misconfigured && { misconfigured }),
    ...(override && {
      override: {
        ...{ status: override.status, reason: override.reason, by: override.by, at: iso(override.at) },
        ...(override.until !== undefined && { until: iso(override.until) }),
      },
    }),
    responseTimeMs: { last: health.lastResponseMs, ...snapshot.responseTimeMs },
    version: health.version,
  };
}

const iso = (at: number): string => new Date(at).toISOString();
