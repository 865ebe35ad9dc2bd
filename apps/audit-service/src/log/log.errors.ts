import { DomainError } from '@gatehouse/problem-details';

/** 503 `log-full`: more events wait for the log than it takes at once; nothing of this request was kept. */
export class LogFullError extends DomainError {
  constructor() {
    super({
      type: 'log-full',
      status: 503,
      title: 'The log has too much to do, try again',
      retryAfterSeconds: 1,
    });
  }
}
