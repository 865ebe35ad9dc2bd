import { DomainError } from '@gatehouse/problem-details';

/** 503 `too-many-event-streams`: this replica has as many readers of events as it takes. */
export class TooManyEventStreamsError extends DomainError {
  constructor() {
    super({
      type: 'too-many-event-streams',
      status: 503,
      title: 'Too many readers of events, try again',
      retryAfterSeconds: 5,
      isExpected: true,
    });
  }
}
