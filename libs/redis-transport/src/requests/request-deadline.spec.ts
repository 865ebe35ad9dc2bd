import { deadlineOf } from './request-deadline.js';

describe('the deadline of a request', () => {
  it('is its timeout after Redis had it, whatever its sender took for the time', () => {
    expect(deadlineOf({ timeout: '500', deadline: '12' }, '1700000000123-4')).toBe(1_700_000_000_623);
  });

  it.each([
    ['1700000000400', 1_700_000_000_400],
    ['1700000009000', 1_700_000_000_623],
    ['soon', 1_700_000_000_623],
  ])('is %s where that was said by the clock of Redis and is earlier', (expires, deadline) => {
    expect(deadlineOf({ timeout: '500', expires }, '1700000000123-4')).toBe(deadline);
  });

  it('is what its sender said where that says nothing else', () => {
    expect(deadlineOf({ deadline: '1700000000200' }, '1700000000123-4')).toBe(1_700_000_000_200);
  });

  it.each([[{}], [{ timeout: 'soon', deadline: 'later' }], [{ timeout: '-1' }]])(
    'is none of %j',
    (headers) => {
      expect(deadlineOf(headers, '1-0')).toBeUndefined();
    },
  );
});
