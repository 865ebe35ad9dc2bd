import type { Candidate } from './candidate.js';

/**
 * Draws by weight, without putting back: each place goes to one of those left, as often as its weight is a share of theirs.
 * No weight is a weight of 1; those of weight 0 come last, in the order given.
 *
 * @param random a number from 0 up to 1, drawn anew with each call
 */
export function weightedOrder<C extends Candidate>(candidates: readonly C[], random: () => number): C[] {
  const left = candidates.filter((candidate) => weightOf(candidate) > 0);
  const order: C[] = [];
  while (left.length > 1) {
    let point = random() * left.reduce((sum, candidate) => sum + weightOf(candidate), 0);
    const index = left.findIndex((candidate) => (point -= weightOf(candidate)) < 0);
    // Rounding may leave the point just behind the last.
    order.push(...left.splice(index === -1 ? left.length - 1 : index, 1));
  }
  return [...order, ...left, ...candidates.filter((candidate) => weightOf(candidate) <= 0)];
}

const weightOf = (candidate: Candidate): number => candidate.provider?.weight ?? 1;
