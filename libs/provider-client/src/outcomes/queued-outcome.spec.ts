import { asRuled, asSent, isAcceptable } from './queued-outcome.js';

const T0 = Date.UTC(2026, 0, 1);
const limited = (retryAfter?: number | string) => ({
  ...{ outcome: { name: 'a', class: 'rate-limited' as const, retryAfter }, at: T0, ordinal: 1 },
});

describe('a queued outcome', () => {
  it.each([
    [30, 20_000, '10000ms'],
    ['500ms', 20_000, '0ms'],
    [new Date(T0 + 60_000).toUTCString(), 20_000, '40000ms'],
    [30, 900, 30],
    [undefined, 20_000, undefined],
  ])('that asks to be left alone for %s asks after %i ms for %s', (retryAfter, waited, told) => {
    expect(asSent(limited(retryAfter), T0 + waited)).toMatchObject({
      class: 'rate-limited',
      retryAfter: told,
    });
  });

  it('is the same for the rules', () => {
    expect(asRuled({ ...limited(2), version: 3 })).toMatchObject({
      ...{ kind: 'failure', class: 'rate-limited', retryAfterMs: 2_000, version: 3 },
    });
    expect(asRuled({ outcome: { name: 'a', responseTimeMs: 1 }, at: T0, ordinal: 1 }).kind).toBe('success');
  });

  it.each([
    [{ name: 'a', responseTimeMs: 1 }, true],
    [{ name: 'a', class: 'server' as const }, true],
    [{ name: 'A B', responseTimeMs: 1 }, false],
    [{ name: 'a', responseTimeMs: Number.NaN }, false],
    [{ name: 'a', class: 'odd' as 'server' }, false],
  ])('%j is one: %s', (outcome, is) => {
    expect(isAcceptable(outcome)).toBe(is);
  });
});
