import { DomainError } from '@gatehouse/problem-details';

/** 503 `not-signed-yet`: no signed checkpoint holds the event so far, or there is none at all. */
export class NotSignedYetError extends DomainError {
  constructor() {
    super({
      type: 'not-signed-yet',
      status: 503,
      title: 'No signed checkpoint holds it yet, try again',
      retryAfterSeconds: 1,
    });
  }
}
