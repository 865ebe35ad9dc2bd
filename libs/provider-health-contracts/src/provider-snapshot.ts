import type { ProviderAnswer } from './provider.js';
import type { FailureClass, StatusRule } from './provider-status.js';
import type { ProviderStatusName } from './status-name.js';
import type { OverrideBody } from './override.js';

/**
 * What is known of a provider's health. Times in milliseconds since 1970 by the clock of Redis, so that everybody who
 * holds it comes to the same answer.
 */
export interface HealthSnapshot {
  status: ProviderStatusName;
  /** Grows by one with each change of the status. */
  version: number;
  /** Grows with each change of anything here but the counts and last times: the greater is the newer. */
  revision: number;
  rule?: StatusRule;
  failures: number;
  successes: number;
  lastFailureAt?: number;
  lastFailure?: { class: FailureClass; message?: string };
  lastSuccessAt?: number;
  /** Of an unhealthy provider: until then it is not called. */
  unhealthyUntil?: number;
  /** The version with which it last became unhealthy. */
  unhealthyVersion?: number;
  /** It asked not to be called until then. */
  closedUntil?: number;
  /** It refused our credentials or quota, or its key cannot be opened, and it has not served a call since. */
  misconfigured?: 'auth' | 'quota' | 'key';
  override?: { status: OverrideBody['status']; reason: string; until?: number; by: string; at: number };
  lastResponseMs?: number;
}

/** A provider with its health, as clients hold it. */
export interface ProviderSnapshot {
  provider: Omit<ProviderAnswer, 'apiKey' | 'healthCheck'> & {
    /** Of its API key, where it has one. */
    keyId?: string;
  };
  health: HealthSnapshot;
  /** Milliseconds, of the successes of the last five minutes when there were any. */
  responseTimeMs?: { p50?: number; p95?: number; p99?: number };
}

/** Of the successes of the last five minutes in the whole fleet, by provider; of one without successes there is nothing. */
export interface ResponseTimesAnswer {
  times: Record<string, NonNullable<ProviderSnapshot['responseTimeMs']>>;
}

export interface SnapshotAnswer {
  providers: ProviderSnapshot[];
  /** When it was read, by the clock of Redis, ms since 1970. */
  at: number;
}

/** What provider-health-service broadcasts: a provider as it is now, or that there is none of this name any more. */
export interface ProviderBroadcasts {
  'providers.changed': ProviderSnapshot | { removed: string };
}
