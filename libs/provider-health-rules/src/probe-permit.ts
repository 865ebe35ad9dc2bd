import type { HealthPolicy } from '@gatehouse/provider-health-contracts';
import { availableAt } from './available-at.js';
import { settleOverride } from './override.js';
import { availability, type ProviderHealth } from './provider-health.js';
import type { Step } from './status-change.js';

/** How long a permit holds, ms: whoever takes one and is never heard of again keeps it no longer. */
export const PERMIT_LEASE_MS = 60_000;

export type PermitAnswer =
  | { kind: 'granted'; expiresAt: number }
  /** The provider is not half-open: it may be called without one. */
  | { kind: 'unneeded' }
  /** `retryAt`: when one may be had, ms since 1970, where that is known. */
  | { kind: 'refused'; retryAt?: number };

/** Asks for a permit to try a half-open provider: at most `probePermits` are out at a time. */
export function acquirePermit(
  before: ProviderHealth,
  permit: string,
  now: number,
  policy: HealthPolicy,
): Step & { answer: PermitAnswer } {
  const settled = settleOverride(before, now);
  const { health } = settled;
  const { available, reason } = availability(health, now);
  if (!available) return { ...settled, answer: { kind: 'refused', retryAt: availableAt(health, now) } };
  if (reason !== 'half-open') return { ...settled, answer: { kind: 'unneeded' } };
  const out = Object.entries(health.permits ?? {}).filter(([, expiresAt]) => now < expiresAt);
  if (out.length >= policy.probePermits)
    return {
      ...settled,
      answer: { kind: 'refused', retryAt: Math.min(...out.map(([, expiresAt]) => expiresAt)) },
    };
  const expiresAt = now + PERMIT_LEASE_MS;
  const permits = { ...Object.fromEntries(out), [permit]: expiresAt };
  return { ...settled, health: { ...health, permits }, answer: { kind: 'granted', expiresAt } };
}

/** Gives a permit back. */
export function withoutPermit(health: ProviderHealth, permit: string | undefined): ProviderHealth {
  if (permit === undefined || health.permits?.[permit] === undefined) return health;
  const { [permit]: _given, ...permits } = health.permits;
  if (Object.keys(permits).length > 0) return { ...health, permits };
  const next = { ...health };
  delete next.permits;
  return next;
}
