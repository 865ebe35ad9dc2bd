import { fromProblem, type ProblemDetails, toProblem } from '@gatehouse/problem-details';

/** One value of an answer, or its end, on its way to the caller. */
export interface Reply {
  /** Correlation id. */
  c: string;
  /** A value; absent when the answer ends without one more. */
  v?: unknown;
  /** The answer ends in this problem. */
  e?: ProblemDetails;
  /** More is to come. */
  m?: 1;
}

/** What the observer of Nest's `ClientProxy` is told. */
export interface ReplyPacket {
  err?: Error;
  response?: unknown;
  isDisposed?: boolean;
}

export function problemReply(correlationId: string, error: unknown): Reply {
  return { c: correlationId, e: toProblem(error) };
}

/** @returns undefined when the text is no reply */
export function parseReply(text: string): Reply | undefined {
  try {
    const reply = JSON.parse(text) as unknown;
    return isReply(reply) ? reply : undefined;
  } catch {
    return undefined;
  }
}

export function toPacket(reply: Reply): ReplyPacket {
  if (reply.e !== undefined) return { err: fromProblem(reply.e), isDisposed: true };
  return { response: reply.v, isDisposed: reply.m === undefined };
}

function isReply(value: unknown): value is Reply {
  return typeof value === 'object' && value !== null && 'c' in value && typeof value.c === 'string';
}
