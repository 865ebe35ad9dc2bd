import type { Candidate } from './candidate.js';

/** The cheapest first; those of whom no cost is known last; the order given among equals. */
export function cheapestOrder<C extends Candidate>(candidates: readonly C[]): C[] {
  return [...candidates].sort((a, b) => (costOf(a) < costOf(b) ? -1 : costOf(a) > costOf(b) ? 1 : 0));
}

const costOf = (candidate: Candidate): number => candidate.provider?.costPerMillionTokens ?? Infinity;
