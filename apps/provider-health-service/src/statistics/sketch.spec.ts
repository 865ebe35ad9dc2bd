import fc from 'fast-check';
import { HIGHEST, LOWEST, MOST_BINS, RELATIVE_ERROR, Sketch } from './sketch.js';

const SHARES = [0, 0.01, 0.25, 0.5, 0.9, 0.95, 0.99, 0.999, 1];

const sketchOf = (values: readonly number[]): Sketch => {
  const sketch = Sketch.empty();
  for (const value of values) sketch.add(value);
  return sketch;
};

const exact = (values: readonly number[], share: number): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(1, Math.ceil(share * sorted.length)) - 1] as number;
};

const expectClose = (values: readonly number[]) => {
  const sketch = sketchOf(values);
  for (const share of SHARES) {
    const wanted = exact(values, share);
    const error = Math.abs((sketch.percentile(share) as number) - wanted) / wanted;
    expect({ share, wanted, within: error <= RELATIVE_ERROR, error }).toMatchObject({ within: true });
  }
};

const milliseconds = fc.double({ min: LOWEST, max: HIGHEST, noNaN: true });
/** Spread over every order of magnitude, which plain numbers of a range are not. */
const anyMagnitude = fc
  .double({ min: Math.log(LOWEST), max: Math.log(HIGHEST), noNaN: true })
  .map((logarithm) => Math.min(HIGHEST, Math.max(LOWEST, Math.exp(logarithm))));
const times = fc.array(fc.oneof(milliseconds, anyMagnitude, fc.constantFrom(LOWEST, 1, 250, HIGHEST)), {
  minLength: 1,
  maxLength: 300,
});

describe('a sketch of response times', () => {
  it('gives every percentile within one percent, whatever the values', () => {
    fc.assert(fc.property(times, expectClose), { numRuns: 300 });
  });

  it.each<[string, (index: number) => number]>([
    ['all the same', () => 123.456],
    ['one outlier among many', (index) => (index === 0 ? HIGHEST : 0.9)],
    ['two far humps', (index) => (index % 2 === 0 ? 2 : 60_000)],
    ['a heavy tail', (index) => 1 / (1 - index / 10_000) ** 3],
    ['a line', (index) => index + 1],
    ['every magnitude', (index) => LOWEST * 10 ** (index / 1_000)],
  ])('is within one percent for %s', (_what, valueAt) => {
    expectClose(Array.from({ length: 10_000 }, (_, index) => Math.min(HIGHEST, valueAt(index))));
  });

  it('merges to the sketch of the union, in any order and grouping, also through its bytes', () => {
    const parts = fc.array(times, { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(parts, fc.nat(), (lists, turn) => {
        const whole = sketchOf(lists.flat());
        const merged = Sketch.empty();
        const turned = lists.map((_, index) => lists[(index + turn) % lists.length] as number[]);
        for (const list of turned.reverse()) merged.merge(Sketch.decode(sketchOf(list).encode()));
        expect(merged.encode()).toEqual(whole.encode());
        expect(merged.count).toBe(lists.flat().length);
      }),
    );
  });

  it('counts nothing and more than 32 bits hold', () => {
    expect([Sketch.empty().count, Sketch.empty().percentile(0.5)]).toEqual([0, undefined]);
    const doubled = sketchOf([1, 1_000]);
    for (let power = 0; power < 40; power++) doubled.merge(Sketch.decode(doubled.encode()));
    expect(doubled.count).toBe(2 ** 41);
  });

  it('has a bounded number of bins and takes what lies outside for the border', () => {
    const filled = sketchOf(Array.from({ length: 50_000 }, (_, index) => LOWEST * 1.001 ** index));
    expect(filled.encode().length).toBeLessThan(MOST_BINS * 4);
    expect(MOST_BINS).toBeLessThan(1_300);
    const outside = sketchOf([0, -1, HIGHEST * 2]);
    expect(outside.percentile(0)).toBe(LOWEST);
    expect(outside.percentile(1)).toBe(sketchOf([HIGHEST]).percentile(1));
  });

  it.each<[string, number[]]>([
    ['nothing', []],
    ['another form', [2, 1, 1]],
    ['a bin without a count', [1, 5]],
    ['a number that is cut off', [1, 5, 128]],
    ['a bin too many', [1, 255, 255, 3, 1]],
    ['a number too great', [1, 5, ...Array<number>(9).fill(255), 1]],
  ])('refuses %s', (_what, bytes) => {
    expect(() => Sketch.decode(Uint8Array.from(bytes))).toThrow(TypeError);
  });
});
