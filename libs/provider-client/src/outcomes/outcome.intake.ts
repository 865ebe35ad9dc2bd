import type { ProviderOutcome } from '@gatehouse/provider-health-contracts';
import type { KnownProviders } from '../known-providers/known-providers.js';
import type { LocalOperation } from '../local-operation/local-operation.js';
import { LocalPermits } from '../local-operation/local-permits.js';
import type { OutcomeReporter } from './outcome.reporter.js';

/** Takes outcomes from those who called, at once. */
export class OutcomeIntake {
  constructor(
    private readonly reporter: OutcomeReporter,
    private readonly known: KnownProviders,
    private readonly local: LocalOperation,
    private readonly permits: LocalPermits,
    private readonly now: () => number,
  ) {}

  take(outcome: ProviderOutcome): void {
    const { version } = outcome;
    const forFleet =
      this.local.isOn || outcome.permit !== undefined ? this.asTheFleetKnowsIt(outcome) : outcome;
    this.reporter.record({ outcome: forFleet, at: this.now(), version });
  }

  /** Without what only this process knows of: its own permits, and versions that the fleet has not reached. */
  private asTheFleetKnowsIt(outcome: ProviderOutcome): ProviderOutcome {
    const { permit, ...rest } = outcome;
    const { name, version } = outcome;
    const reached = this.known.get(name)?.snapshot.health.version;
    const told = version !== undefined && reached !== undefined ? Math.min(version, reached) : version;
    const forFleet = { ...rest, ...(told !== undefined && { version: told }) };
    if (!LocalPermits.isLocal(permit)) return permit === undefined ? forFleet : { ...forFleet, permit };
    this.permits.release(name, permit ?? '');
    return forFleet;
  }
}
