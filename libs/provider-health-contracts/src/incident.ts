import type { StatusChange } from './provider-status.js';
import type { ProviderStatusName } from './status-name.js';

/**
 * A time in which a provider was not healthy: it opens with the first change to degraded or unhealthy and closes with the
 * change to healthy. A fall within five minutes of that opens the same incident again and is counted as a flap.
 */
export interface ProviderIncident {
  id: string;
  provider: string;
  /** ISO 8601, UTC. */
  openedAt: string;
  /** ISO 8601, UTC; null while it is open. */
  closedAt: string | null;
  /** The worst status that was reached. */
  severity: Exclude<ProviderStatusName, 'healthy'>;
  /** How often the provider fell again after it had been healthy for less than the five minutes. */
  flaps: number;
  /** Changes of the status that belong to it. */
  transitions: number;
  firstReason: StatusChange['reason'];
  lastReason: StatusChange['reason'];
  /** From `openedAt` to `closedAt`, or until now; pauses between flaps are part of it. */
  durationSeconds: number;
}
