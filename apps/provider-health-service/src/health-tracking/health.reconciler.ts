import { isDeepStrictEqual } from 'node:util';
import { Injectable, Logger } from '@nestjs/common';
import type { Override } from '@gatehouse/provider-health-rules';
import { type DescribedProvider, ProviderManager } from '../providers/provider.manager.js';
import { ComparisonRepository } from './comparison.repository.js';
import { HealthManager } from './health.manager.js';
import { HealthRepository } from './health.repository.js';
import { known, OperatorRelay } from './operator.relay.js';
import { providerFacts } from './provider-seed.js';
import type { TrackedProvider } from './tracked-provider.js';

const PAGE = 500;

/**
 * Sees to it that Redis has what PostgreSQL has of providers: how they are set up, what operators have said, and which there
 * are. Whoever changes one tells Redis after the commit; what a replica that died, or an outage, left untold is told here.
 */
@Injectable()
export class HealthReconciler {
  private readonly logger = new Logger(HealthReconciler.name);

  constructor(
    private readonly comparisons: ComparisonRepository,
    private readonly health: HealthRepository,
    private readonly providers: ProviderManager,
    private readonly operators: OperatorRelay,
    private readonly manager: HealthManager,
  ) {}

  /** Once in ten seconds in the whole fleet, whichever replica asks first. */
  async reconcileWhenDue(): Promise<void> {
    if (await this.comparisons.claimReconciliation()) await this.reconcile();
  }

  private async reconcile(): Promise<void> {
    // Read first: what Redis has of them PostgreSQL had before.
    const gone = new Set(await this.health.names());
    const { overrides, marked } = await this.operators.all();
    let after: string | undefined;
    for (;;) {
      const page = await this.providers.list({ after, limit: PAGE });
      const all = await this.providers.withKeys(page);
      const { providers, now } = await this.health.read(all.map(({ name }) => name));
      for (const [index, provider] of all.entries()) {
        const { name } = provider;
        gone.delete(name);
        const tracked = providers[index];
        if (
          !isOverriddenAs(tracked, overrides.get(name), now) ||
          marked.has(name) ||
          !isSetUpAs(tracked, provider)
        )
          await this.adopt(name);
      }
      after = page.at(-1)?.name;
      if (page.length < PAGE) break;
    }
    for (const name of gone) await this.manager.forgetDeleted(name);
  }

  private async adopt(name: string): Promise<void> {
    if ((await this.manager.adoptUnlessDeleted(name)) !== undefined)
      this.logger.log({ provider: name }, 'Redis was told what PostgreSQL has of a provider');
  }
}

/** One whose time has come Redis has ended, and PostgreSQL may still have. */
function isOverriddenAs(
  tracked: TrackedProvider | undefined,
  override: Override | undefined,
  now: number,
): boolean {
  const isOver = override?.until !== undefined && override.until <= now;
  return isDeepStrictEqual(known(tracked?.health.override), known(isOver ? undefined : override));
}

function isSetUpAs(tracked: TrackedProvider | undefined, provider: DescribedProvider): boolean {
  const facts = providerFacts(provider);
  const text = JSON.stringify;
  return text(tracked?.facts) === text(facts) && text(tracked?.policy) === text(facts.policy);
}
