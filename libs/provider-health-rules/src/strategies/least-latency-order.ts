import type { Candidate } from './candidate.js';

/** What one process knows of the calls that it makes to a provider. */
export interface ProviderLoad {
  /** Undefined when nothing was measured. */
  readonly expectedMs?: number;
  /** Calls that are under way. */
  readonly inFlight: number;
}

/**
 * Each place goes to the better of two of those left, drawn at random ("power of two choices": the fastest is preferred,
 * but not everybody runs to the same one). Better is the lower product of expected response time and calls under way.
 * Expected is what this process has measured, else the fleet's median or last; of whom nothing is known is taken to be as fast as
 * the fastest, so that it is tried. The earlier of the order given wins among equals.
 *
 * @param random a number from 0 up to 1, drawn anew with each call
 */
export function leastLatencyOrder<C extends Candidate>(
  candidates: readonly C[],
  random: () => number,
  loadOf: (name: string) => ProviderLoad | undefined,
): C[] {
  const left = withCosts(candidates, loadOf);
  const order: C[] = [];
  while (left.length > 0) {
    const [a, b] = twoOf(left.length, random);
    const better = (left[b]?.cost ?? Infinity) < (left[a]?.cost ?? Infinity) ? b : a;
    order.push(...left.splice(better, 1).map(({ candidate }) => candidate));
  }
  return order;
}

/** Two different places, the earlier first; of one alone itself twice. */
function twoOf(length: number, random: () => number): [number, number] {
  if (length === 1) return [0, 0];
  const first = Math.floor(random() * length);
  const other = Math.floor(random() * (length - 1));
  const second = other < first ? other : other + 1;
  return first < second ? [first, second] : [second, first];
}

function withCosts<C extends Candidate>(
  candidates: readonly C[],
  loadOf: (name: string) => ProviderLoad | undefined,
) {
  const known = candidates.map((candidate) => {
    const load = loadOf(candidate.name);
    const { responseTimeMs } = candidate;
    const expected = load?.expectedMs ?? responseTimeMs?.p50 ?? responseTimeMs?.last;
    return { candidate, expected, inFlight: load?.inFlight ?? 0 };
  });
  const fastest = Math.min(...known.map(({ expected }) => expected ?? Infinity));
  const optimistic = fastest === Infinity ? 1 : fastest;
  return known.map(({ candidate, expected, inFlight }) => ({
    candidate,
    cost: (expected ?? optimistic) * (inFlight + 1),
  }));
}
