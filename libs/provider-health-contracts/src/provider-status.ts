import { z } from 'zod';

export const PROVIDER_STATUSES = ['healthy', 'degraded', 'unhealthy'] as const;
export const ProviderStatusName = z.enum(PROVIDER_STATUSES);
export type ProviderStatusName = z.infer<typeof ProviderStatusName>;

/**
 * Why a provider may or may not be called, beside its status:
 * `timeout` unhealthy and waiting; `half-open` unhealthy and to be tried again; `rate-limited` closed for as long as it
 * asked; `misconfigured` it refuses our credentials or quota.
 */
export type AvailabilityReason =
  'healthy' | 'degraded' | 'timeout' | 'half-open' | 'rate-limited' | 'misconfigured';

/** The answer of `GET /v1/providers/:name/status`. Times ISO 8601 UTC. */
export interface ProviderStatus {
  name: string;
  status: ProviderStatusName;
  /** Whether it may be called now. */
  available: boolean;
  reason: AvailabilityReason;
  consecutiveFailures: number;
  consecutiveSuccesses: number;
  lastFailure?: { at: string; class: FailureClass; message?: string };
  lastSuccessAt?: string;
  unhealthyUntil?: string;
  responseTimeMs?: { last: number };
  /** Grows by one with each change of the status. */
  version: number;
  /** How old this answer's facts are. */
  ageMs: number;
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

const outcome = {
  /** The same id again within ten minutes changes nothing: a report may be repeated. */
  outcomeId: z.string().min(1).max(128).optional(),
  responseTimeMs: z.number().min(0).max(86_400_000).optional(),
  /** Of the status under which the call began: a call that began before the provider became unhealthy counts for nothing. */
  version: z.number().int().min(0).optional(),
};

export const SuccessBody = z.strictObject({ ...outcome, responseTimeMs: outcome.responseTimeMs.unwrap() });
export type SuccessBody = z.infer<typeof SuccessBody>;

export const FailureBody = z.strictObject({
  ...outcome,
  class: FailureClass,
  message: z.string().max(1_024).optional(),
  /** As the provider said it: seconds, `500ms`, or an HTTP date. */
  retryAfter: z.union([z.number().min(0), z.string().min(1).max(64)]).optional(),
});
export type FailureBody = z.infer<typeof FailureBody>;

/** One change of the status of a provider. */
export interface StatusChange {
  provider: string;
  from: ProviderStatusName;
  to: ProviderStatusName;
  reason: 'consecutive-failures' | 'consecutive-successes';
  version: number;
  /** ISO 8601, UTC. */
  at: string;
}

/** The durable event of each change. */
export const STATUS_CHANGED = 'providers.status-changed';
export interface ProviderEvents {
  [STATUS_CHANGED]: StatusChange;
}
