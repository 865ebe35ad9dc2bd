import { DependencyUnavailableError } from '@gatehouse/problem-details';
import { isResendable, type PendingRequest, resendDelayMs } from './pending-request.js';
import { OverloadedError, ReplyLostError } from '../transport.errors.js';

const pending = (idempotent: boolean | undefined, begun = false) =>
  ({
    request: { service: 's', pattern: 'p', payload: {}, options: { idempotent } },
    begun,
  }) as PendingRequest;

describe('a request that failed on the way', () => {
  it('is sent again when that does no harm', () => {
    expect(isResendable(pending(true), new ReplyLostError())).toBe(true);
    expect(isResendable(pending(true), new DependencyUnavailableError('Redis'))).toBe(true);
  });

  it('is not sent again otherwise', () => {
    expect(isResendable(pending(false), new ReplyLostError())).toBe(false);
    expect(isResendable(pending(undefined), new ReplyLostError())).toBe(false);
    expect(isResendable(pending(true, true), new ReplyLostError())).toBe(false);
    expect(isResendable(pending(true), new OverloadedError())).toBe(false);
    expect(isResendable(pending(true), new TypeError())).toBe(false);
  });

  it('is sent again after a while, later each time', () => {
    expect([0, 1, 2, 9].map((resends) => resendDelayMs(resends, 1))).toEqual([50, 100, 200, 1_000]);
    expect(resendDelayMs(0, 0)).toBe(25);
  });
});
