import { DependencyUnavailableError, DomainError } from '@gatehouse/problem-details';
import { isRedisUnavailable } from '@gatehouse/redis';

/** 503 `overloaded`: more waits than the receiver may fall behind; nothing was sent. */
export class OverloadedError extends DomainError {
  constructor() {
    super({
      type: 'overloaded',
      status: 503,
      title: 'The service has too much to do, try again',
      retryAfterSeconds: 1,
    });
  }
}

/** 504 `deadline-exceeded`: no answer came in time. The request may still have been handled. */
export class DeadlineExceededError extends DomainError {
  constructor() {
    super({ type: 'deadline-exceeded', status: 504, title: 'The answer did not come in time' });
  }
}

/** 503 `reply-lost`: the connection broke while the answer was due. The request may have been handled. */
export class ReplyLostError extends DomainError {
  constructor() {
    super({
      type: 'reply-lost',
      status: 503,
      title: 'The answer was lost on its way, the request may have been handled',
      retryAfterSeconds: 1,
    });
  }
}

/** 409 `idempotency-conflict`: another message had the same message id; this one was not handled. */
export class IdempotencyConflictError extends DomainError {
  constructor() {
    super({
      type: 'idempotency-conflict',
      status: 409,
      title: 'The message id belongs to another message',
    });
  }
}

/** 501 `unknown-pattern`: the service has no handler for this message. */
export class UnknownPatternError extends DomainError {
  constructor() {
    super({ type: 'unknown-pattern', status: 501, title: 'The service does not know this message' });
  }
}

/** 500 `delivery-failed`: every consumer that took the message died before it was done. */
export class DeliveryFailedError extends DomainError {
  constructor() {
    super({ type: 'delivery-failed', status: 500, title: 'The message could not be handled' });
  }
}

/** 500 `reply-too-large`: the answer is larger than a reply may be. */
export class ReplyTooLargeError extends DomainError {
  constructor() {
    super({ type: 'reply-too-large', status: 500, title: 'The answer is too large' });
  }
}

/** 413 `payload-too-large`: the message is larger than a message may be; nothing was sent. */
export class MessageTooLargeError extends DomainError {
  constructor() {
    super({ type: 'payload-too-large', status: 413, title: 'The message is too large' });
  }
}

/** What the caller is told of an error on the way: Redis away becomes `dependency-unavailable`. */
export function transportError(error: unknown): Error {
  if (error instanceof DomainError) return error;
  if (isRedisUnavailable(error)) return new DependencyUnavailableError('Redis', { cause: error });
  return error instanceof Error ? error : new Error('The message could not be sent', { cause: error });
}
