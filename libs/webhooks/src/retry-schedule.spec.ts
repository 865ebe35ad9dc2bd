import { RETRY_DELAYS_MS, retryDelayMs } from './retry-schedule.js';

const HOUR = 3_600_000;

describe('retryDelayMs', () => {
  it('is the schedule of Standard Webhooks, each a little later, and ends', () => {
    const [earliest, latest] = [0, 1].map((random) =>
      Array.from({ length: 11 }, (_, index) => retryDelayMs(index + 1, { random })),
    );
    const hours = [2, 5, 10, 14, 20, 24].map((count) => count * HOUR);
    expect(earliest).toEqual([5_000, 300_000, 1_800_000, ...hours, undefined, undefined]);
    expect(latest).toEqual([...RETRY_DELAYS_MS.map((delay) => delay * 1.2), undefined, undefined]);
  });

  it.each([
    ['a longer wait is honoured', 60_000, 60_000],
    ['a shorter one shortens nothing', 1_000, 5_000],
    ['nobody is waited for longer than a day', 1_000 * HOUR, 24 * HOUR],
  ])('%s', (_what, retryAfterMs, expected) => {
    expect(retryDelayMs(1, { random: 0, retryAfterMs })).toBe(expected);
  });

  it('makes no attempt more of what the receiver asks for', () => {
    expect(retryDelayMs(10, { random: 0, retryAfterMs: 1_000 })).toBeUndefined();
  });
});
