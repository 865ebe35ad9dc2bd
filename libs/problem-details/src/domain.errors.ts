import { DomainError } from './domain.error.js';
import type { FieldError } from './problem-details.js';

/** 400 `validation-failed`: the request does not have the shape that the route asks for; nothing was changed. */
export class ValidationFailedError extends DomainError {
  constructor(errors: FieldError[]) {
    super({ type: 'validation-failed', status: 400, title: 'The request is not valid', errors });
  }
}

/** 404 `not-found`: there is no such thing, or the caller may not know that there is. */
export class NotFoundError extends DomainError {
  constructor(detail?: string) {
    super({ type: 'not-found', status: 404, title: 'Not found', detail });
  }
}

/**
 * 503 `dependency-unavailable`: PostgreSQL, Redis or another service is away. Nothing was promised; the same
 * request may be sent again after `Retry-After`.
 */
export class DependencyUnavailableError extends DomainError {
  constructor(dependency: string, options: { cause?: unknown; retryAfterSeconds?: number } = {}) {
    super({
      type: 'dependency-unavailable',
      status: 503,
      title: 'A part of the service is away, try again',
      detail: `${dependency} is away`,
      retryAfterSeconds: options.retryAfterSeconds ?? 1,
      cause: options.cause,
    });
  }
}
