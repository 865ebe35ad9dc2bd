import { DomainError } from '@gatehouse/problem-details';
import { type LimitState, rateLimitHeaders } from './rate-limit.js';

/** 429 `too-many-requests`: the attempts of this window are used up. The attempt was not looked at. */
export class TooManyRequestsError extends DomainError {
  constructor(readonly state: LimitState) {
    super({
      type: 'too-many-requests',
      status: 429,
      title: 'Too many requests',
      detail: `Try again in ${state.resetSeconds} s`,
      retryAfterSeconds: state.resetSeconds,
      headers: rateLimitHeaders([state]),
    });
  }
}
