import { DomainError, type ProblemDetails, toProblem } from '@gatehouse/problem-details';

const LONGEST = 500;

/** What a handler threw: as callers are told, and in its own words for whoever looks at the dead letter. */
export interface Failure {
  readonly problem: ProblemDetails;
  /** Name and message, at most 500 characters. */
  readonly error: string;
}

export function toFailure(error: unknown): Failure {
  return { problem: toProblem(error), error: String(origin(error)).slice(0, LONGEST) };
}

/** What a filter turned into a problem. */
function origin(error: unknown): unknown {
  return error instanceof DomainError && error.cause !== undefined ? origin(error.cause) : error;
}
