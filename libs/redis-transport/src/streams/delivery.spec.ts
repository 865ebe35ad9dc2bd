import { isClaimable, isSuspect, outcomeOfFailure } from './delivery.js';

const failure = (status: number) => ({ problem: { type: 'x', title: 'x', status }, error: 'Error: x' });

describe('a failed event', () => {
  it('is delivered again until it was delivered often enough', () => {
    expect(outcomeOfFailure(failure(500), 1, 3)).toEqual({ kind: 'retry', ...failure(500) });
    expect(outcomeOfFailure(failure(500), 2, 3)).toEqual({ kind: 'retry', ...failure(500) });
    expect(outcomeOfFailure(failure(500), 3, 3)).toEqual({ kind: 'bury', ...failure(500) });
    expect(outcomeOfFailure(failure(400), 4, 3)).toEqual({ kind: 'bury', ...failure(400) });
  });

  it('waits without end for what is away', () => {
    expect(outcomeOfFailure(failure(503), 99, 3)).toEqual({ kind: 'postpone' });
  });
});

describe('pending work', () => {
  const pending = (idleMs: number, deliveries: number) => ({
    id: '1-0',
    consumer: 'c',
    idleMs,
    deliveries,
  });

  it('may be claimed after the claim time', () => {
    expect(isClaimable(pending(999, 1), 1_000, false)).toBe(false);
    expect(isClaimable(pending(1_000, 1), 1_000, false)).toBe(true);
    expect(isClaimable(pending(1_000, 9), 1_000, false)).toBe(true);
  });

  it('of an event waits twice as long each time, sixteen times at most', () => {
    expect(isClaimable(pending(1_000, 0), 1_000, true)).toBe(true);
    expect(isClaimable(pending(1_000, 1), 1_000, true)).toBe(true);
    expect(isClaimable(pending(1_999, 2), 1_000, true)).toBe(false);
    expect(isClaimable(pending(4_000, 3), 1_000, true)).toBe(true);
    expect(isClaimable(pending(16_000, 99), 1_000, true)).toBe(true);
  });

  it('is suspect after two deliveries, and always before the last', () => {
    expect([1, 2, 3].map((deliveries) => isSuspect(pending(0, deliveries), 5))).toEqual([false, true, true]);
    expect([0, 1].map((deliveries) => isSuspect(pending(0, deliveries), 2))).toEqual([false, true]);
  });
});
