import type { Candidate } from './candidate.js';
import { cheapestOrder } from './cheapest-order.js';
import { leastLatencyOrder } from './least-latency-order.js';
import { expectedMs, observe } from './peak-ewma.js';
import { weightedOrder } from './weighted-order.js';

const candidate = (name: string, more: Partial<Candidate> = {}): Candidate => ({
  ...{ name, status: 'healthy', available: true, reason: 'healthy', version: 0 },
  ...more,
});

/** The numbers one after the other, from the first again after the last. */
function numbers(...of: number[]): () => number {
  let index = 0;
  return () => of[index++ % of.length] ?? 0;
}
/** So many numbers, evenly spread. */
const spread = (count: number) => Array.from({ length: count }, (_, index) => (index + 0.5) / count);
const first = (order: Candidate[]) => order[0]?.name;

describe('cheapestOrder', () => {
  const costing = (name: string, costPerMillionTokens?: number) =>
    candidate(name, { provider: { costPerMillionTokens } });

  it('keeps the order given among equals and unknowns, whatever that is, and the unknown last', () => {
    const [a, b, c, x, y] = [costing('a', 2), costing('b', 2), costing('c', 1), costing('x'), candidate('y')];
    const order = (...of: Candidate[]) => cheapestOrder(of).map(({ name }) => name);
    expect(order(x, a, y, b, c)).toEqual(['c', 'a', 'b', 'x', 'y']);
    expect(order(y, b, x, a, c)).toEqual(['c', 'b', 'a', 'y', 'x']);
    expect(order(c, a, b, y, x)).toEqual(['c', 'a', 'b', 'y', 'x']);
  });
});

describe('weightedOrder', () => {
  const candidates = [
    candidate('a', { provider: { weight: 1 } }),
    candidate('none', { provider: { weight: 0 } }),
    candidate('b', { provider: { weight: 3 } }),
    candidate('unsaid'),
  ];

  it('gives the first place as often as the weight says', () => {
    const drawn = spread(100).map((number) => first(weightedOrder(candidates, numbers(number))));
    expect(['a', 'b', 'unsaid', 'none'].map((name) => drawn.filter((of) => of === name).length)).toEqual([
      20, 60, 20, 0,
    ]);
  });

  it('puts those without weight last', () => {
    expect(weightedOrder(candidates, numbers(0.99)).map(({ name }) => name)).toEqual([
      'unsaid',
      'b',
      'a',
      'none',
    ]);
  });
});

describe('leastLatencyOrder', () => {
  const pair = [
    candidate('slow', { responseTimeMs: { p50: 300 } }),
    candidate('fast', { responseTimeMs: { p50: 100 } }),
  ];
  const order = (candidates: Candidate[], loads: Record<string, { expectedMs?: number; inFlight: number }>) =>
    first(leastLatencyOrder(candidates, numbers(0, 0.5), (name) => loads[name]));

  it('takes the faster of two', () => {
    expect(order(pair, {})).toBe('fast');
  });

  it('counts the calls under way', () => {
    expect(order(pair, { fast: { inFlight: 1 } })).toBe('fast');
    expect(order(pair, { fast: { inFlight: 3 } })).toBe('slow');
  });

  it('believes what this process has measured before what the fleet says', () => {
    expect(order(pair, { slow: { expectedMs: 50, inFlight: 0 } })).toBe('slow');
  });

  it('takes whom nobody has measured for as fast as the fastest', () => {
    expect(order([candidate('new'), ...pair.slice(0, 1)], {})).toBe('new');
    expect(order([candidate('new'), ...pair.slice(1)], { new: { inFlight: 1 } })).toBe('fast');
    expect(order([candidate('a'), candidate('b')], {})).toBe('a');
  });

  it('draws each pair as often, wherever they stand, and leaves nobody out', () => {
    const [a, b, c] = [1, 2, 3].map((p50) => candidate(`${p50}`, { responseTimeMs: { p50 } })) as [
      Candidate,
      Candidate,
      Candidate,
    ];
    for (const three of [
      ...[
        [a, b, c],
        [a, c, b],
        [b, a, c],
      ],
      ...[
        [b, c, a],
        [c, a, b],
        [c, b, a],
      ],
    ]) {
      const orders = spread(30).flatMap((one) =>
        spread(30).map((other) => leastLatencyOrder(three, numbers(one, other), () => undefined)),
      );
      const firsts = ['1', '2', '3'].map((name) => orders.filter((order) => first(order) === name).length);
      expect(firsts).toEqual([600, 300, 0]);
      for (const order of orders) expect(order.map(({ name }) => name).sort()).toEqual(['1', '2', '3']);
      // Of the two that are left the faster is next.
      for (const [, next, last] of orders) expect(Number(next?.name)).toBeLessThan(Number(last?.name));
    }
  });

  it('counts the calls under way where nothing was measured, and keeps the order given among equals', () => {
    const two = [candidate('a'), candidate('b')];
    expect(order(two, { a: { inFlight: 1 } })).toBe('b');
    for (const numbersDrawn of [numbers(0, 0), numbers(0.99, 0.99)])
      expect(first(leastLatencyOrder(two, numbersDrawn, () => undefined))).toBe('a');
  });

  it('goes by the last response where there is no median', () => {
    const two = [
      candidate('slow', { responseTimeMs: { last: 9 } }),
      candidate('fast', { responseTimeMs: { last: 2 } }),
    ];
    expect(first(leastLatencyOrder(two, numbers(0.5), () => undefined))).toBe('fast');
  });

  it('does not send everybody to the fastest: of three, two in three', () => {
    const three = [...pair, candidate('middle', { responseTimeMs: { p50: 200 } })];
    const drawn = spread(30).flatMap((one) =>
      spread(30).map((other) => first(leastLatencyOrder(three, numbers(one, other), () => undefined))),
    );
    const count = (name: string) => drawn.filter((of) => of === name).length / drawn.length;
    expect([count('fast'), count('middle'), count('slow')]).toEqual([
      expect.closeTo(2 / 3),
      expect.closeTo(1 / 3),
      0,
    ]);
  });
});

describe('peak EWMA', () => {
  it('believes a slow answer at once, and faster ones by and by', () => {
    const slow = observe(observe(undefined, 100, 0), 2_000, 0);
    expect(slow.valueMs).toBe(2_000);
    expect(observe(slow, 100, 30_000).valueMs).toBeCloseTo(100 + 1_900 / Math.E);
    const later = observe(observe(undefined, 2_000, 10_000), 100, 40_000);
    expect([later.valueMs, later.at]).toEqual([expect.closeTo(100 + 1_900 / Math.E), 40_000]);
    expect(observe(slow, 100, 0).valueMs).toBe(2_000);
  });

  it('lets a peak fade although nobody calls', () => {
    expect(expectedMs(observe(undefined, 1_000, 0), 30_000)).toBeCloseTo(1_000 / Math.E);
    expect(expectedMs(observe(undefined, 1_000, 5), 0)).toBe(1_000);
  });
});
