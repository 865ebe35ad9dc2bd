import type { AvailabilityReason, PanicPolicy } from '@gatehouse/provider-health-contracts';
import type { Candidate } from './candidate.js';

/** From the least bad on: it may have recovered; it asked to be left alone; it will refuse. */
const BADNESS: Partial<Record<AvailabilityReason, number>> = {
  timeout: 0,
  'rate-limited': 1,
  misconfigured: 2,
};

/**
 * Whom to call although nobody is available. Those that an operator has taken out (`maintenance`, `overridden`) never.
 *
 * - `fail`: nobody.
 * - `least-bad`: those that failed before those that are rate-limited, before those that refuse our credentials; among
 *   equals who opens first.
 * - `soonest`: who opens first; those of whom no time is known last.
 */
export function panicOrder<C extends Candidate>(candidates: readonly C[], policy: PanicPolicy): C[] {
  if (policy === 'fail') return [];
  const callable = candidates.filter(({ reason }) => BADNESS[reason] !== undefined);
  return callable.sort(
    policy === 'soonest' ? bySoonest : (a, b) => badness(a) - badness(b) || bySoonest(a, b),
  );
}

const badness = ({ reason }: Candidate): number => BADNESS[reason] ?? Infinity;

function bySoonest(a: Candidate, b: Candidate): number {
  if (a.availableAt === b.availableAt) return 0;
  return (a.availableAt ?? Infinity) < (b.availableAt ?? Infinity) ? -1 : 1;
}
