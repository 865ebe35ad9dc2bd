import type { FallbackChain, HealthyProvider, ProviderStatus } from '@gatehouse/provider-health-contracts';

/** What a chain is made of. */
export type Candidate = Pick<ProviderStatus, 'name' | 'status' | 'available' | 'reason' | 'version'>;

/**
 * Whom to call, by the strategy `priority`: in the order given, degraded ones after the others. A half-open provider keeps
 * its place, or it would never be tried again while another is healthy.
 */
export function priorityChain(candidates: readonly Candidate[]): FallbackChain {
  const available = candidates.filter((candidate) => candidate.available);
  const [degraded, others] = [true, false].map((wanted) =>
    available.filter((candidate) => (candidate.status === 'degraded') === wanted),
  ) as [Candidate[], Candidate[]];
  return {
    chain: [...others, ...degraded].map(({ name, status, reason }) => ({ name, status, reason })),
    excluded: candidates
      .filter((candidate) => !candidate.available)
      .map(({ name, reason }) => ({ name, reason })),
    panic: available.length === 0,
    version: candidates.reduce((sum, candidate) => sum + candidate.version, 0),
  };
}

/** The first healthy one, else the first available; undefined when there is none. */
export function firstHealthy(candidates: readonly Candidate[]): HealthyProvider | undefined {
  const available = candidates.filter((candidate) => candidate.available);
  const found = available.find((candidate) => candidate.status === 'healthy') ?? available[0];
  return found && { name: found.name, status: found.status, panic: false };
}
