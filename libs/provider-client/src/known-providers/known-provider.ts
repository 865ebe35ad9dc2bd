import {
  type AvailabilityReason,
  PROVIDER_STATUSES,
  type ProviderBroadcasts,
  type ProviderSnapshot,
} from '@gatehouse/provider-health-contracts';
import { availability, availableAt } from '@gatehouse/provider-health-rules';
import type { ReadProvider } from '../provider-source.js';

type Availability = Readonly<{ available: boolean; reason: AvailabilityReason }>;

/** A provider as this process knows it. Immutable: what changes is another one. */
export interface KnownProvider {
  readonly snapshot: ProviderSnapshot;
  /** This process made it what it is, by outcomes that the fleet has not counted yet. */
  readonly isLocal: boolean;
  /** How it is read, where that changes with no time: made once, since it is read before each call. */
  readonly always?: ReadProvider;
}

export function knownProvider(snapshot: ProviderSnapshot, isLocal = false): KnownProvider {
  const { status, closedUntil, override } = snapshot.health;
  const waits = status === 'unhealthy' || closedUntil !== undefined || override !== undefined;
  return { snapshot, isLocal, always: waits ? undefined : readAt(snapshot, 0) };
}

/** @param now asked for only where time matters, by the clock of Redis, milliseconds since 1970 */
export const availabilityOf = (known: KnownProvider, now: () => number): Availability =>
  known.always ?? availability(known.snapshot.health, now());

export const readProvider = ({ snapshot, always }: KnownProvider, now: number): ReadProvider =>
  always ?? readAt(snapshot, now);

function readAt({ provider, health, responseTimeMs }: ProviderSnapshot, now: number): ReadProvider {
  const { available, reason } = availability(health, now);
  return {
    name: provider.name,
    status: health.status,
    available,
    reason,
    version: health.version,
    provider,
    responseTimeMs: { last: health.lastResponseMs, ...responseTimeMs },
    availableAt: available ? undefined : availableAt(health, now),
  };
}

/** Whoever may publish may publish anything. */
export function isChange(value: unknown): value is ProviderBroadcasts['providers.changed'] {
  if (typeof value !== 'object' || value === null) return false;
  if ('removed' in value) return typeof value.removed === 'string';
  const { provider, health } = value as Partial<ProviderSnapshot>;
  return (
    typeof provider?.name === 'string' &&
    typeof provider.policy === 'object' &&
    typeof health === 'object' &&
    PROVIDER_STATUSES.includes(health.status) &&
    Number.isSafeInteger(health.version) &&
    Number.isSafeInteger(health.revision)
  );
}
