import { Injectable } from '@nestjs/common';
import { ProviderHistory } from '../events/provider.history.js';
import { ProviderManager } from '../providers/provider.manager.js';
import { UnknownProviderError } from '../providers/providers.errors.js';
import { HealthPublisher } from './health.publisher.js';
import { HealthRepository, type Reading } from './health.repository.js';
import { providerFacts, seedFields } from './provider-seed.js';

/**
 * Tells Redis of providers that it does not know: new ones, or those that it has lost, which go on as their last recorded
 * transition left them.
 */
@Injectable()
export class HealthSeeder {
  constructor(
    private readonly health: HealthRepository,
    private readonly providers: ProviderManager,
    private readonly history: ProviderHistory,
    private readonly publisher: HealthPublisher,
  ) {}

  /** @throws UnknownProviderError */
  async seed(name: string): Promise<Reading> {
    const [provider, recorded] = await Promise.all([this.providers.get(name), this.history.recordedOf(name)]);
    const facts = providerFacts(provider);
    const reading = await this.health.seed(seedFields(facts, recorded));
    this.publisher.announce([reading]);
    return reading;
  }

  /** @returns those that do not exist */
  async seedAll(names: readonly string[]): Promise<Set<string>> {
    const unknown = new Set<string>();
    await Promise.all(
      names.map((name) =>
        this.seed(name).catch((error: unknown) => {
          if (!(error instanceof UnknownProviderError)) throw error;
          unknown.add(name);
        }),
      ),
    );
    return unknown;
  }
}
