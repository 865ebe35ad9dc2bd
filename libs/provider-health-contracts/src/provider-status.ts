import { z } from 'zod';
import type { ProviderOverride } from './override.js';
import type { ProviderStatusName } from './status-name.js';

/**
 * Why a provider may or may not be called, beside its status:
 * `timeout` unhealthy and waiting; `half-open` unhealthy and to be tried again; `rate-limited` closed for as long as it
 * asked; `misconfigured` it refuses our credentials or quota, or its key cannot be opened; `maintenance` an operator said
 * so; `overridden` unavailable because an operator said that it is unhealthy.
 */
export type AvailabilityReason =
  | 'healthy'
  | 'degraded'
  | 'timeout'
  | 'half-open'
  | 'rate-limited'
  | 'misconfigured'
  | 'maintenance'
  | 'overridden';

/** Which rule made the status what it is. */
export type StatusRule = 'consecutive' | 'failure-rate' | 'mark' | 'override';

/** Milliseconds; the percentiles are of the successes of the last five minutes, and left out when there were none. */
export interface ResponseTimes {
  last?: number;
  p50?: number;
  p95?: number;
  p99?: number;
}

/** The answer of `GET /v1/providers/:name/status`. Times ISO 8601 UTC. */
export interface ProviderStatus {
  name: string;
  status: ProviderStatusName;
  /** Whether it may be called now. */
  available: boolean;
  reason: AvailabilityReason;
  /** What made the status what it is; left out before the first transition. */
  rule?: StatusRule;
  consecutiveFailures: number;
  consecutiveSuccesses: number;
  lastFailure?: { at: string; class: FailureClass; message?: string };
  lastSuccessAt?: string;
  unhealthyUntil?: string;
  /** It refused our credentials or quota, and has not served a call since; or its key cannot be opened, and it is not available. */
  misconfigured?: 'auth' | 'quota' | 'key';
  override?: ProviderOverride;
  responseTimeMs?: ResponseTimes;
  /** Grows by one with each change of the status. */
  version: number;
  /** How old this answer's facts are. */
  ageMs: number;
  /** The facts are older than they may be: what asked goes on by itself. */
  stale?: boolean;
}

/**
 * - `server`, `timeout`, `network`, `overload` count as failures;
 * - `auth`, `quota` count, and mark the provider as misconfigured;
 * - `rate-limited` closes it for `retryAfter` and counts as nothing;
 * - `client`, `cancelled` are the caller's own and count as nothing.
 */
export const FAILURE_CLASSES = [
  'server',
  'timeout',
  'network',
  'overload',
  'auth',
  'quota',
  'rate-limited',
  'client',
  'cancelled',
] as const;
export const FailureClass = z.enum(FAILURE_CLASSES);
export type FailureClass = z.infer<typeof FailureClass>;

/** One change of the status of a provider. */
export interface StatusChange {
  provider: string;
  from: ProviderStatusName;
  to: ProviderStatusName;
  reason:
    | 'consecutive-failures'
    | 'consecutive-successes'
    | 'failure-rate'
    | 'marked'
    | 'overridden'
    | 'override-lifted'
    | 'override-ended';
  version: number;
  /** ISO 8601, UTC. */
  at: string;
}

/** The durable event of each change. */
export const STATUS_CHANGED = 'providers.status-changed';
export interface ProviderEvents {
  [STATUS_CHANGED]: StatusChange;
}
