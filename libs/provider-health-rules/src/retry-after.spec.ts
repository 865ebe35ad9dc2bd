import { retryAfterMs } from './retry-after.js';

const NOW = Date.UTC(2026, 0, 1);

describe('retryAfterMs', () => {
  it.each([
    [undefined, undefined],
    [2, 2_000],
    ['120', 120_000],
    ['0.5', 500],
    ['500ms', 500],
    ['1.4ms', 1],
    ['1.5 MS', 2],
    ['1500 ms', 1_500],
    ['Thu, 01 Jan 2026 00:01:00 GMT', 60_000],
    ['Wed, 31 Dec 2025 00:00:00 GMT', 0],
    [1e12, 86_400_000],
    ['soon', undefined],
    ['-5', undefined],
    ['', undefined],
  ])('reads %p as %p', (value, expected) => {
    expect(retryAfterMs(value, NOW)).toBe(expected);
  });
});
