import { z } from 'zod';
import { FailureClass } from './provider-status.js';
import { ProviderName } from './provider-name.js';
import type { ProviderStatusName } from './status-name.js';

const outcome = {
  /** The same id again within ten minutes changes nothing: a report may be repeated. */
  outcomeId: z.string().min(1).max(128).optional(),
  responseTimeMs: z.number().min(0).max(86_400_000).optional(),
  /** Under which a half-open provider was called. */
  permit: z.string().min(1).max(128).optional(),
  /** Of the status under which the call began: a call that began before the provider became unhealthy counts for nothing. */
  version: z.number().int().min(0).optional(),
};

const failure = {
  class: FailureClass,
  message: z.string().max(1_024).optional(),
  /** As the provider said it: seconds, `500ms`, or an HTTP date. */
  retryAfter: z.union([z.number().min(0), z.string().min(1).max(64)]).optional(),
};

export const SuccessBody = z.strictObject({ ...outcome, responseTimeMs: outcome.responseTimeMs.unwrap() });
export type SuccessBody = z.infer<typeof SuccessBody>;

export const FailureBody = z.strictObject({ ...outcome, ...failure });
export type FailureBody = z.infer<typeof FailureBody>;

/** One of a batch: a success, or with a `class` a failure. */
export const ProviderOutcome = z.union([
  z.strictObject({ name: ProviderName, ...SuccessBody.shape }),
  z.strictObject({ name: ProviderName, ...FailureBody.shape }),
]);
export type ProviderOutcome = z.infer<typeof ProviderOutcome>;

export const MOST_OUTCOMES = 1_000;

export const OutcomesBody = z.strictObject({ outcomes: z.array(ProviderOutcome).min(1).max(MOST_OUTCOMES) });
export type OutcomesBody = z.infer<typeof OutcomesBody>;

/**
 * What became of one outcome of a batch; the results are in the order of the batch. `status` and `version` are those after
 * the whole batch. What was reported before is accepted too, and counted once.
 */
export type OutcomeResult =
  | { name: string; accepted: true; status: ProviderStatusName; version: number }
  | { name: string; accepted: false; problem: { type: string; title: string; status: number } };

export interface OutcomesAnswer {
  results: OutcomeResult[];
}

/**
 * A batch of one process of `libs/provider-client`. Its outcomes are numbered `sequence`, `sequence + 1`, …; what the
 * fleet has counted of a reporter is one number, so a batch may be sent again, also with more behind it.
 */
export const RecordOutcomes = z.strictObject({
  /** Of one process, made anew with each start. */
  reporter: z.uuid(),
  sequence: z.number().int().min(1),
  outcomes: z.array(ProviderOutcome).min(1).max(MOST_OUTCOMES),
});
export type RecordOutcomes = z.infer<typeof RecordOutcomes>;
