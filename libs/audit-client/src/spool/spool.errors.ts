import { DependencyUnavailableError } from '@gatehouse/problem-details';

/** 503 `dependency-unavailable`: audit-service was away for so long that the spool is full; the event was not kept. */
export class SpoolFullError extends DependencyUnavailableError {
  constructor() {
    super('Room for audit events', { retryAfterSeconds: 10 });
  }
}
