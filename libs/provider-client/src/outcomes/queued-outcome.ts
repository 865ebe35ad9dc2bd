import {
  FailureBody,
  type ProviderOutcome,
  ProviderName,
  SuccessBody,
} from '@gatehouse/provider-health-contracts';
import { type Outcome, retryAfterMs } from '@gatehouse/provider-health-rules';
import { z } from 'zod';

/** An outcome that the fleet has not counted yet. */
export interface QueuedOutcome {
  readonly outcome: ProviderOutcome;
  /** When it was recorded, by the clock of Redis, milliseconds since 1970. */
  readonly at: number;
  /** The version under which its call began as this process counted them. */
  readonly version?: number;
  /** Grows with each that is recorded. */
  ordinal: number;
}

const Success = z.strictObject({ name: ProviderName, ...SuccessBody.shape });
const Failure = z.strictObject({ name: ProviderName, ...FailureBody.shape });

export const isFailure = (
  outcome: ProviderOutcome,
): outcome is Extract<ProviderOutcome, { class: unknown }> => 'class' in outcome;

/** Whether the service would take it. */
export const isAcceptable = (outcome: ProviderOutcome): boolean =>
  (isFailure(outcome) ? Failure : Success).safeParse(outcome).success;

/** An outcome as it goes on its way: what was to be waited is less by what has passed since. */
export function asSent({ outcome, at }: QueuedOutcome, now: number): ProviderOutcome {
  const waited = now - at;
  if (waited < 1_000 || !isFailure(outcome)) return outcome;
  const wait = retryAfterMs(outcome.retryAfter, at);
  return wait === undefined
    ? outcome
    : { ...outcome, retryAfter: `${Math.max(0, Math.round(wait - waited))}ms` };
}

/** The same as the rules take it. */
export function asRuled({ outcome, at, version }: QueuedOutcome): Outcome {
  const { responseTimeMs } = outcome;
  if (!isFailure(outcome)) return { kind: 'success', responseTimeMs, version };
  const { class: kind, message, retryAfter } = outcome;
  const wait = retryAfterMs(retryAfter, at);
  return { kind: 'failure', class: kind, message, responseTimeMs, version, retryAfterMs: wait };
}
