import { DomainError } from '@gatehouse/problem-details';

/** 503 `hashing-saturated`: more sign-ins at once than passwords can be checked. */
export class HashingSaturatedError extends DomainError {
  constructor() {
    super({
      type: 'hashing-saturated',
      status: 503,
      title: 'Too many sign-ins at once, try again',
      retryAfterSeconds: 2,
    });
  }
}
