import { SelfSuspicion } from './self-suspicion.js';

describe('SelfSuspicion', () => {
  /** Notes `a+` (reached) and `b-` (not reached), a second apart; whether each is believed. */
  const believed = (suspicion: SelfSuspicion, signs: string[], { validMs = 100_000, from = 0 } = {}) =>
    signs.map((sign, index) =>
      suspicion.note({
        provider: sign.slice(0, -1),
        reached: sign.endsWith('+'),
        at: from + index * 1_000,
        validMs,
      }),
    );

  it('believes the failures of a single provider', () => {
    expect(believed(new SelfSuspicion(), ['a-', 'a-', 'a-'])).toEqual([true, true, true]);
  });

  it('believes failures while another provider is reached', () => {
    const suspicion = new SelfSuspicion();
    expect(believed(suspicion, ['a+', 'b-', 'c-', 'b-', 'c-'])).toEqual(Array(5).fill(true));
    expect(suspicion.suspected).toBe(false);
  });

  it('believes none when no provider is reached, until one is', () => {
    const suspicion = new SelfSuspicion();
    expect(believed(suspicion, ['a+', 'b+', 'a-', 'b-', 'a-', 'b-'])).toEqual([
      ...[true, true, true],
      ...[false, false, false],
    ]);
    expect(suspicion.suspected).toBe(true);
    expect(believed(suspicion, ['b+', 'a-'])).toEqual([true, true]);
    expect(suspicion.suspected).toBe(false);
  });

  it('does not count what it reached long ago', () => {
    const suspicion = new SelfSuspicion();
    believed(suspicion, ['a+'], { validMs: 1_500 });
    expect(believed(suspicion, ['b-', 'c-'], { from: 10_000 })).toEqual([true, false]);
  });
});
