import { DomainError } from '@gatehouse/problem-details';

/** 503 `overloaded`: more sign-ins at once than passwords can be checked. The password was not looked at. */
export class OverloadedError extends DomainError {
  constructor() {
    super({
      type: 'overloaded',
      status: 503,
      title: 'Too many sign-ins at once, try again',
      retryAfterSeconds: 2,
      isExpected: true,
    });
  }
}

/** 499 `request-abandoned`: the client closed the connection while its request waited. Nobody reads it but the log. */
export class RequestAbandonedError extends DomainError {
  constructor() {
    super({ type: 'request-abandoned', status: 499, title: 'The client has gone' });
  }
}
