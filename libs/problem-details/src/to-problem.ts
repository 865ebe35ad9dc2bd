import { DomainError } from './domain.error.js';
import type { ProblemDetails } from './problem-details.js';

const INTERNAL_ERROR: ProblemDetails = { type: 'internal-error', title: 'Something went wrong', status: 500 };

/** Types for errors that frameworks throw with nothing but a status. */
const TYPE_OF_STATUS: Readonly<Record<number, readonly [type: string, title: string]>> = {
  400: ['bad-request', 'The request could not be understood'],
  401: ['unauthenticated', 'Authentication is required'],
  403: ['forbidden', 'Not allowed'],
  404: ['not-found', 'Not found'],
  405: ['method-not-allowed', 'This method is not allowed here'],
  408: ['request-timeout', 'The request took too long to arrive'],
  413: ['payload-too-large', 'The request body is too large'],
  414: ['uri-too-long', 'The address is too long'],
  415: ['unsupported-media-type', 'This content type is not accepted'],
  429: ['too-many-requests', 'Too many requests'],
  431: ['headers-too-large', 'The request headers are too large'],
  503: ['unavailable', 'The service is unavailable, try again'],
};

/**
 * What the caller is told of an error.
 *
 * A `DomainError` says it itself; an error with an HTTP status (Nest's `HttpException`, Fastify's own) becomes the
 * type of its status; anything else is `internal-error`. A 5xx carries no detail.
 */
export function toProblem(error: unknown): ProblemDetails {
  if (error instanceof DomainError) return problemOfDomainError(error);
  const status = statusOf(error);
  const [type, title] = TYPE_OF_STATUS[status] ?? [];
  if (type !== undefined && title !== undefined) return { type, title, status };
  return status < 500
    ? { type: 'bad-request', title: 'The request could not be handled', status }
    : INTERNAL_ERROR;
}

/** The error that stands for a problem, received from another service or made of another error. */
export function fromProblem(problem: ProblemDetails, cause?: unknown): DomainError {
  const { type, title, status, detail, errors, retryAfterSeconds } = problem;
  return new DomainError({ type, title, status, detail, errors, retryAfterSeconds, cause });
}

function problemOfDomainError(error: DomainError): ProblemDetails {
  const problem: ProblemDetails = { type: error.type, title: error.title, status: error.status };
  if (error.detail !== undefined && error.status < 500) problem.detail = error.detail;
  if (error.errors !== undefined) problem.errors = error.errors;
  if (error.retryAfterSeconds !== undefined) problem.retryAfterSeconds = error.retryAfterSeconds;
  return problem;
}

function statusOf(error: unknown): number {
  if (isRefusalByGuard(error)) return 403;
  const status = isHttpException(error) ? error.getStatus() : hasStatusCode(error) ? error.statusCode : 500;
  return status >= 400 && status <= 599 ? status : 500;
}

/** Nest's `HttpException`, by shape: this file knows no framework. */
function isHttpException(error: unknown): error is { getStatus(): number } {
  return error instanceof Error && 'getStatus' in error && typeof error.getStatus === 'function';
}

/** What Nest throws when a guard answers false to a message: an `RpcException`, which has no status. */
function isRefusalByGuard(error: unknown): boolean {
  return error instanceof Error && 'getError' in error && error.message === 'Forbidden resource';
}

function hasStatusCode(error: unknown): error is { statusCode: number } {
  return error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number';
}
