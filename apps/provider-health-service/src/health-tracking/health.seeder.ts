import { setTimeout as sleep } from 'node:timers/promises';
import { DependencyUnavailableError } from '@gatehouse/problem-details';
import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ProviderHistory } from '../events/provider.history.js';
import { OverrideRegistry } from '../overrides/override.registry.js';
import { type DescribedProvider, ProviderManager } from '../providers/provider.manager.js';
import { UnknownProviderError } from '../providers/providers.errors.js';
import { ProviderChangingError } from './health-tracking.errors.js';
import { HealthPublisher } from './health.publisher.js';
import { HealthRepository, type Reading } from './health.repository.js';
import { providerFacts, seedFields } from './provider-seed.js';

const PAGE = 500;
const AT_ONCE = 20;
const MOST_TRIES = 5;
const LOOKS = 40;
const LOOK_MS = 50;

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
    private readonly overrides: OverrideRegistry,
    private readonly publisher: HealthPublisher,
  ) {}

  /**
   * Lays a provider down as PostgreSQL knows it, and looks again afterwards: what was changed or deleted meanwhile is not
   * overwritten by what was read before, whoever comes last.
   *
   * @throws UnknownProviderError
   */
  async seed(name: string): Promise<Reading> {
    let provider = await this.providers.describe(name);
    for (;;) {
      const reading = await this.lay(provider);
      const now = await this.providers.describe(name).catch((error: unknown) => {
        if (!(error instanceof UnknownProviderError)) throw error;
        return undefined;
      });
      if (now === undefined) {
        await this.health.remove(name);
        throw new UnknownProviderError(name);
      }
      if (isDeepStrictEqual(now, provider)) return reading;
      provider = now;
    }
  }

  /**
   * Runs what Redis does nothing of where it does not know a provider, and has that laid down before it is run again: more
   * than once only where one is removed, or Redis lost, at this very moment.
   *
   * @param run resolves to undefined when nothing was done
   * @throws DependencyUnavailableError (503) when Redis knows nothing for long
   */
  async untilKnown<Result>(
    run: () => Promise<Result | undefined>,
    layDown: () => Promise<unknown>,
  ): Promise<Result> {
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const result = await run();
      if (result !== undefined) return result;
      await layDown();
    }
    throw new DependencyUnavailableError('Redis');
  }

  /**
   * Nothing is written down from the reading of what is recorded until Redis has it: a transition that a Redis made which is
   * lost, and that a replica still has in hand, comes before, and is laid down, or is none.
   */
  private lay(provider: DescribedProvider): Promise<Reading> {
    return this.history.heldBack((manager) => this.layRecorded(manager, provider));
  }

  private async layRecorded(manager: EntityManager, provider: DescribedProvider): Promise<Reading> {
    const { name } = provider;
    const recorded = await this.history.recordedOf(name, manager);
    const override = await this.overrides.find(name, manager);
    const fields = seedFields(providerFacts(provider), { ...recorded, override });
    let reading = await this.health.seed(fields);
    // What was said by hand holds, also where its transition was lost.
    if (override !== undefined) {
      const isLaid = reading.provider.health.override !== undefined;
      // Where it is laid, Redis still has to know when it ends.
      const told = isLaid ? this.health.settle(name) : this.health.putOverride(name, override);
      reading = { ...((await told) ?? reading), changed: true };
    }
    this.publisher.announce([reading]);
    return reading;
  }

  /** @throws ProviderChangingError (503) when its history has not come so far within two seconds */
  async whenRecorded(name: string, version: number): Promise<void> {
    for (let looks = 0; looks < LOOKS; looks++) {
      const { last } = await this.history.recordedOf(name);
      if ((last?.version ?? 0) >= version) return;
      await sleep(LOOK_MS);
    }
    throw new ProviderChangingError(name);
  }

  /** The names of all providers that there are, in their order. */
  async everyName(): Promise<string[]> {
    const names: string[] = [];
    for (;;) {
      const page = await this.providers.list({ after: names.at(-1), limit: PAGE });
      names.push(...page.map(({ name }) => name));
      if (page.length < PAGE) return names;
    }
  }

  /** Compares what Redis knows of every provider with what is recorded, and lays down anew what is older. */
  async seedEveryOne(): Promise<void> {
    const names = await this.everyName();
    for (let from = 0; from < names.length; from += AT_ONCE)
      await this.seedAll(names.slice(from, from + AT_ONCE));
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
