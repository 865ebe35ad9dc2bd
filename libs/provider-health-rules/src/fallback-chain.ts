import type {
  ChainStrategy,
  FallbackChain,
  HealthyProvider,
  PanicPolicy,
} from '@gatehouse/provider-health-contracts';
import type { Candidate } from './strategies/candidate.js';
import { cheapestOrder } from './strategies/cheapest-order.js';
import { leastLatencyOrder, type ProviderLoad } from './strategies/least-latency-order.js';
import { panicOrder } from './strategies/panic-order.js';
import { weightedOrder } from './strategies/weighted-order.js';

export interface ChainOptions {
  /** Default `priority`: the order given. */
  strategy?: ChainStrategy;
  /** What to do when nobody is available; default `fail`: the chain is empty. */
  panic?: PanicPolicy;
  /** A number from 0 up to 1, drawn anew with each call, for `weighted` and `least-latency`. */
  random: () => number;
  /** What this process knows of its own calls, for `least-latency`. */
  loadOf?: (name: string) => ProviderLoad | undefined;
}

/**
 * Whom to call, by the strategy, and whom not and why: degraded ones after the others whatever the strategy. A half-open
 * provider counts with the others, or it would never be tried again while another is healthy.
 */
export function fallbackChain(candidates: readonly Candidate[], options: ChainOptions): FallbackChain {
  const others: Candidate[] = [];
  const degraded: Candidate[] = [];
  const excluded: FallbackChain['excluded'] = [];
  let version = 0;
  for (const candidate of candidates) {
    version += candidate.version;
    if (!candidate.available) excluded.push({ name: candidate.name, reason: candidate.reason });
    else if (candidate.status === 'degraded') degraded.push(candidate);
    else others.push(candidate);
  }
  if (excluded.length === candidates.length) return inPanic(candidates, version, options.panic);
  const chain: FallbackChain['chain'] = [];
  link(chain, arrange(others, options));
  link(chain, arrange(degraded, options));
  return { chain, excluded, panic: false, version };
}

function arrange(candidates: readonly Candidate[], options: ChainOptions): readonly Candidate[] {
  if (candidates.length < 2) return candidates;
  switch (options.strategy) {
    case 'weighted':
      return weightedOrder(candidates, options.random);
    case 'least-latency':
      return leastLatencyOrder(candidates, options.random, options.loadOf ?? (() => undefined));
    case 'cheapest':
      return cheapestOrder(candidates);
    default:
      return candidates;
  }
}

function inPanic(
  candidates: readonly Candidate[],
  version: number,
  policy: PanicPolicy = 'fail',
): FallbackChain {
  const called = panicOrder(candidates, policy);
  const chain: FallbackChain['chain'] = [];
  link(chain, called);
  const excluded = candidates
    .filter((candidate) => !called.includes(candidate))
    .map(({ name, reason }) => ({ name, reason }));
  return { chain, excluded, panic: true, version };
}

function link(chain: FallbackChain['chain'], candidates: readonly Candidate[]): void {
  for (const { name, status, reason } of candidates) chain.push({ name, status, reason });
}

/**
 * The first healthy one, else the first available, else, with `panic`, whom the policy names; undefined when there is none.
 */
export function firstHealthy(
  candidates: readonly Candidate[],
  policy: PanicPolicy = 'fail',
): HealthyProvider | undefined {
  let available: Candidate | undefined;
  for (const candidate of candidates) {
    if (!candidate.available) continue;
    if (candidate.status === 'healthy') return { name: candidate.name, status: 'healthy', panic: false };
    available ??= candidate;
  }
  if (available !== undefined) return { name: available.name, status: available.status, panic: false };
  const [called] = panicOrder(candidates, policy);
  return called && { name: called.name, status: called.status, panic: true };
}
