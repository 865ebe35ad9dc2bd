import { CHAIN_STRATEGIES, PANIC_POLICIES } from '@gatehouse/provider-health-contracts';
import fc from 'fast-check';
import { fallbackChain, firstHealthy } from './fallback-chain.js';
import type { Candidate } from './strategies/candidate.js';

const candidate = (name: string, more: Partial<Candidate> = {}): Candidate => ({
  ...{ name, status: 'healthy', available: true, reason: 'healthy', version: 0 },
  ...more,
});
const healthy = candidate;
const degraded = (name: string) => candidate(name, { status: 'degraded', reason: 'degraded', version: 1 });
const out = (name: string, availableAt?: number) =>
  candidate(name, { status: 'unhealthy', available: false, reason: 'timeout', version: 2, availableAt });
const halfOpen = (name: string) => candidate(name, { status: 'unhealthy', reason: 'half-open', version: 2 });
const limited = (name: string, availableAt?: number) =>
  candidate(name, { available: false, reason: 'rate-limited', availableAt });
const maintained = (name: string) => candidate(name, { available: false, reason: 'maintenance' });

const random = () => 0.5;
const names = ({ chain }: { chain: { name: string }[] }) => chain.map(({ name }) => name);

describe('fallbackChain', () => {
  it('keeps the order given, degraded ones last, and leaves out whom not to call, with the reason', () => {
    expect(fallbackChain([out('a'), degraded('b'), healthy('c'), limited('d')], { random })).toEqual({
      chain: [
        { name: 'c', status: 'healthy', reason: 'healthy' },
        { name: 'b', status: 'degraded', reason: 'degraded' },
      ],
      excluded: [
        { name: 'a', reason: 'timeout' },
        { name: 'd', reason: 'rate-limited' },
      ],
      panic: false,
      version: 3,
    });
  });

  it('leaves a half-open provider in its place, so that it is tried again', () => {
    expect(names(fallbackChain([halfOpen('a'), healthy('b'), degraded('c')], { random }))).toEqual([
      'a',
      'b',
      'c',
    ]);
  });

  it('goes by the strategy that it is given', () => {
    const few = [
      candidate('heavy', { provider: { weight: 9 }, responseTimeMs: { p50: 1 } }),
      candidate('light', { provider: { weight: 1 }, responseTimeMs: { p50: 5 } }),
    ];
    const last = () => 0.95;
    expect(names(fallbackChain(few, { random: last }))).toEqual(['heavy', 'light']);
    expect(names(fallbackChain(few, { random: last, strategy: 'weighted' }))).toEqual(['light', 'heavy']);
    const strategy = 'least-latency';
    expect(names(fallbackChain([...few].reverse(), { random, strategy }))).toEqual(['heavy', 'light']);
    const loadOf = (name: string) => ({ inFlight: name === 'heavy' ? 9 : 0 });
    expect(names(fallbackChain(few, { random, strategy, loadOf }))).toEqual(['light', 'heavy']);
  });

  it('takes the cheapest healthy one before a cheaper degraded one', () => {
    const costs = { a: 3, b: 1, c: 0.1 };
    const candidates = [
      ...[healthy('a'), healthy('b'), healthy('unknown'), degraded('c')].map((of) => ({
        ...of,
        provider: { costPerMillionTokens: costs[of.name as keyof typeof costs] },
      })),
    ];
    expect(names(fallbackChain(candidates, { strategy: 'cheapest', random }))).toEqual([
      'b',
      'a',
      'unknown',
      'c',
    ]);
  });

  describe('when nobody is available', () => {
    const candidates = [maintained('m'), limited('l', 20), out('late', 300), out('early', 100)];

    it.each([
      ['fail', []],
      ['least-bad', ['early', 'late', 'l']],
      ['soonest', ['l', 'early', 'late']],
    ] as const)('calls by the policy %s %j, and never whom an operator took out', (panic, expected) => {
      const chain = fallbackChain(candidates, { panic, random });
      expect(names(chain)).toEqual(expected);
      expect([chain.panic, chain.version]).toEqual([true, 4]);
      expect(chain.excluded).toContainEqual({ name: 'm', reason: 'maintenance' });
      expect(chain.chain.length + chain.excluded.length).toBe(candidates.length);
    });

    it('calls last those that refuse, or of whom nobody knows when they open, in the order given', () => {
      const refusing = candidate('r', { available: false, reason: 'misconfigured' });
      const [x, y] = [out('x'), out('y')];
      const all = [x, refusing, out('b', 9), y, out('a', 9), limited('l', 1)];
      const order = (panic: 'least-bad' | 'soonest', of = all) => names(fallbackChain(of, { panic, random }));
      expect(order('least-bad')).toEqual(['b', 'a', 'x', 'y', 'l', 'r']);
      expect(order('soonest')).toEqual(['l', 'b', 'a', 'x', 'r', 'y']);
      expect(order('soonest', [...all].reverse())).toEqual(['l', 'a', 'b', 'y', 'r', 'x']);
    });

    it('calls nobody unless told to', () => {
      expect(fallbackChain(candidates, { random })).toMatchObject({ chain: [], panic: true });
    });
  });

  const aCandidate = fc.record({
    kind: fc.constantFrom(healthy, degraded, halfOpen, out, limited, maintained),
    weight: fc.option(fc.double({ min: 0, max: 1e6, noNaN: true }), { nil: undefined }),
    costPerMillionTokens: fc.option(fc.double({ min: 0, max: 1e6, noNaN: true }), { nil: undefined }),
    p50: fc.option(fc.double({ min: 0, max: 60_000, noNaN: true }), { nil: undefined }),
    inFlight: fc.nat({ max: 1_000 }),
  });

  it('holds a permutation of the available ones, degraded ones last, whatever the strategy', () => {
    fc.assert(
      fc.property(
        fc.array(aCandidate, { maxLength: 12 }),
        fc.constantFrom(...CHAIN_STRATEGIES),
        fc.constantFrom(...PANIC_POLICIES),
        fc.infiniteStream(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })),
        (drawn, strategy, panic, numbers) => {
          const candidates = drawn.map(({ kind, weight, costPerMillionTokens, p50 }, index) => ({
            ...kind(String(index)),
            provider: { weight, costPerMillionTokens },
            responseTimeMs: { p50 },
          }));
          const chain = fallbackChain(candidates, {
            ...{ strategy, panic },
            random: () => numbers.next().value as number,
            loadOf: (name) => ({ inFlight: drawn[Number(name)]?.inFlight ?? 0 }),
          });
          const available = candidates.filter((of) => of.available).map(({ name }) => name);
          expect(chain.panic).toBe(available.length === 0);
          const all = [...names(chain), ...chain.excluded.map(({ name }) => name)];
          expect(all.sort()).toEqual(candidates.map(({ name }) => name).sort());
          if (chain.panic) return;
          expect(names(chain).sort()).toEqual(available.sort());
          const firstDegraded = chain.chain.findIndex(({ status }) => status === 'degraded');
          if (firstDegraded !== -1)
            expect(chain.chain.slice(firstDegraded).every(({ status }) => status === 'degraded')).toBe(true);
        },
      ),
    );
  });
});

describe('firstHealthy', () => {
  it('takes the first healthy one, else the first available, else none', () => {
    const found = { name: 'b', status: 'healthy', panic: false };
    expect(firstHealthy([degraded('a'), healthy('b'), healthy('c')])).toEqual(found);
    expect(firstHealthy([out('a'), degraded('b'), halfOpen('c')])).toEqual({
      name: 'b',
      status: 'degraded',
      panic: false,
    });
    expect(firstHealthy([out('a'), limited('b')])).toBeUndefined();
  });

  it('takes in panic whom the policy names', () => {
    expect(firstHealthy([limited('a', 20), out('b', 100)], 'least-bad')).toEqual({
      name: 'b',
      status: 'unhealthy',
      panic: true,
    });
    expect(firstHealthy([limited('a', 20), out('b', 100)], 'soonest')?.name).toBe('a');
    expect(firstHealthy([maintained('a')], 'least-bad')).toBeUndefined();
  });
});
