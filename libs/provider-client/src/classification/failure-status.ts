import type { FailureClass } from '@gatehouse/provider-health-contracts';

/** What an HTTP status that is no success says of the provider; 522 and 524 are Cloudflare's own timeouts. */
export function classOfStatus(status: number, hasRetryAfter: boolean): FailureClass {
  switch (status) {
    case 401:
    case 403:
      return 'auth';
    case 402:
      return 'quota';
    case 408:
    case 504:
    case 522:
    case 524:
      return 'timeout';
    case 429:
      return 'rate-limited';
    case 499:
      return 'cancelled';
    case 503:
      return hasRetryAfter ? 'overload' : 'server';
    case 529:
      return 'overload';
    default:
      return status >= 400 && status < 500 ? 'client' : 'server';
  }
}
