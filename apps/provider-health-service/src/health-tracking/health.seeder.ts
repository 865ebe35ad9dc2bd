import { setTimeout as sleep } from 'node:timers/promises';
import { DependencyUnavailableError } from '@gatehouse/problem-details';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ProviderHistory } from '../events/provider.history.js';
import { ProviderManager } from '../providers/provider.manager.js';
import { UnknownProviderError } from '../providers/providers.errors.js';
import { ProviderChangingError } from './health-tracking.errors.js';
import { HealthPublisher } from './health.publisher.js';
import { HealthRepository, type Reading } from './health.repository.js';
import { OperatorRelay } from './operator.relay.js';
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
    private readonly operators: OperatorRelay,
    private readonly publisher: HealthPublisher,
  ) {}

  /**
   * Lays a provider down as PostgreSQL knows it, which nobody changes until Redis has it; whoever changed it before lays
   * down that change, and whoever comes last lays down all.
   *
   * Nor is anything written down until Redis has it: a transition that a Redis made which is lost, and that a replica still
   * has in hand, comes before, and is laid down, or is none.
   *
   * @throws UnknownProviderError
   */
  async seed(name: string): Promise<Reading> {
    try {
      const reading = await this.history.heldBack((manager) => this.lay(manager, name));
      this.publisher.announce([reading]);
      return reading;
    } catch (error) {
      if (error instanceof UnknownProviderError) await this.health.remove(name);
      throw error;
    }
  }

  private async lay(manager: EntityManager, name: string): Promise<Reading> {
    const provider = await this.providers.hold(manager, name);
    const recorded = await this.history.recordedOf(name, manager);
    const words = await this.operators.wordsOn(name, manager);
    const { afterVersion } = provider;
    const reading = await this.health.seed(
      seedFields(providerFacts(provider), { ...recorded, override: words.override, afterVersion }),
    );
    return this.operators.tell(reading, words, manager);
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
