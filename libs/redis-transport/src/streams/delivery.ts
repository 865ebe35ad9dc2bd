import type { ProblemDetails } from '@gatehouse/problem-details';
import type { StreamEntry } from '../messages/message.js';
import type { PendingEntry } from './pending-entry.js';

/** One entry, handed to this process for the nth time. */
export interface Delivery {
  readonly entry: StreamEntry;
  /** 1 for the first. */
  readonly count: number;
}

/** What became of a delivery. */
export type Outcome =
  /** Acknowledge it; with it goes the last reply, if somebody waits for one, and what is to be kept. */
  | { readonly kind: 'done'; readonly reply?: LastReply; readonly kept?: KeptAnswer }
  /** Leave it pending: it is delivered again, to whoever claims it. */
  | { readonly kind: 'retry'; readonly problem: ProblemDetails; readonly error: string }
  /** As `retry`, and do not count this delivery: what the handler needs was away. */
  | { readonly kind: 'postpone' }
  /** Put it aside as a dead letter. */
  | {
      readonly kind: 'bury';
      readonly problem: ProblemDetails;
      /** Name and message of what was thrown, for whoever looks at the dead letter. */
      readonly error?: string;
      readonly reply?: LastReply;
    };

export interface LastReply {
  readonly channel: string;
  readonly text: string;
}

/** The answer of a message that is done once: the hash that keeps it, and the values as JSON. */
export interface KeptAnswer {
  readonly record: string;
  readonly text: string;
}

const MOST_DOUBLINGS = 4;

/**
 * What is to become of an event whose handler failed. A 503 is not the fault of the event: it waits, however often,
 * until what the handler needs is back.
 */
export function outcomeOfFailure(
  { problem, error }: { problem: ProblemDetails; error: string },
  count: number,
  maxDeliveries: number,
): Outcome {
  if (problem.status === 503) return { kind: 'postpone' };
  return { kind: count >= maxDeliveries ? 'bury' : 'retry', problem, error };
}

/**
 * Whether a pending entry may be claimed. The silence that makes work of a consumer claimable doubles with every
 * delivery of an event, so that one that fails for a while is not used up in seconds.
 */
export function isClaimable(pending: PendingEntry, claimIdleMs: number, backOff: boolean): boolean {
  const doublings = backOff ? Math.min(Math.max(pending.deliveries - 1, 0), MOST_DOUBLINGS) : 0;
  return pending.idleMs >= claimIdleMs * 2 ** doublings;
}

/**
 * Whether a pending entry is to be worked on alone among its like: two deliveries of it came to nothing, and it may be
 * one that kills its process, with all that is at work there. So the last delivery of every message is such a one.
 */
export function isSuspect(pending: PendingEntry, maxDeliveries: number): boolean {
  return pending.deliveries >= Math.min(2, maxDeliveries - 1);
}
