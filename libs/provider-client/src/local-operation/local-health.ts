import { type ProviderHealth, recordOutcome } from '@gatehouse/provider-health-rules';
import type { ProviderSnapshot } from '@gatehouse/provider-health-contracts';
import { asRuled, type QueuedOutcome } from '../outcomes/queued-outcome.js';

/** What outcomes make of a provider by the rules of the fleet, where only this process counts them. */
export function afterOutcomes(
  before: ProviderSnapshot,
  outcomes: readonly QueuedOutcome[],
): ProviderSnapshot {
  const { policy } = before.provider;
  const health = outcomes.reduce<ProviderHealth>(
    (reached, queued) => recordOutcome(reached, asRuled(queued), queued.at, policy).health,
    before.health,
  );
  return { ...before, health };
}
