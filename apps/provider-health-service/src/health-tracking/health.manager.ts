import { Injectable } from '@nestjs/common';
import { isOverridden, type PermitAnswer } from '@gatehouse/provider-health-rules';
import { UnknownProviderError } from '../providers/providers.errors.js';
import { HealthPublisher } from './health.publisher.js';
import { HealthRepository, type Reading } from './health.repository.js';
import { HealthSeeder } from './health.seeder.js';
import type { TrackedProvider } from './tracked-provider.js';

interface Found<Provider> {
  providers: Provider[];
  /** By the clock of Redis, ms since 1970. */
  now: number;
}

/** What is known of providers, and what is done with one by hand. Who is not known to Redis is laid down there first. */
@Injectable()
export class HealthManager {
  constructor(
    private readonly health: HealthRepository,
    private readonly seeder: HealthSeeder,
    private readonly publisher: HealthPublisher,
  ) {}

  /** In the order asked. @throws UnknownProviderError */
  async getAll(names: readonly string[]): Promise<Found<TrackedProvider>> {
    const { providers, now } = await this.findAll(names);
    const all = providers.map((provider, index) => {
      if (provider === undefined) throw new UnknownProviderError(names[index] ?? '');
      return provider;
    });
    return { providers: all, now };
  }

  /** In the order asked; undefined for one that does not exist. */
  async findAll(names: readonly string[]): Promise<Found<TrackedProvider | undefined>> {
    const { providers, now } = await this.health.read(names);
    const lost = names.filter((_name, index) => providers[index] === undefined);
    const overdue = names.filter((_name, index) => isOverdue(providers[index], now));
    if (lost.length === 0 && overdue.length === 0) return { providers, now };
    await this.seeder.seedAll(lost);
    await this.settle(overdue);
    return this.health.read(names);
  }

  /** Asks for a permit to try a half-open provider; it is none where the answer is not `granted`. */
  async acquirePermit(name: string, permit: string): Promise<{ answer: PermitAnswer; now: number }> {
    const { answer, now } = await this.command(name, () => this.health.acquirePermit(name, permit));
    return { answer, now };
  }

  /** Ends the overrides whose time has come. @returns of which providers */
  async settleOverdue(): Promise<string[]> {
    const names = await this.health.overdue();
    await this.settle(names);
    return names;
  }

  /** Says that a provider cannot be called, since nobody can open its key, until somebody can. */
  async markKeyUnreadable(name: string): Promise<void> {
    await this.command(name, () => this.health.markMisconfigured(name, 'key'));
  }

  /** Says that the key of a provider can be opened, or that it has none any more. */
  async markKeyReadable(name: string): Promise<void> {
    await this.command(name, () => this.health.markKeyReadable(name));
  }

  /** Takes what PostgreSQL has of a provider, after a change of it, and tells everybody. */
  adopt(name: string): Promise<Reading> {
    return this.seeder.seed(name);
  }

  /**
   * Waits a moment until what became of a provider is written down, from where one that is made under its name goes on.
   *
   * @throws ProviderChangingError (503) when that takes longer
   */
  async whenRecorded(name: string): Promise<void> {
    const { providers } = await this.findAll([name]);
    await this.seeder.whenRecorded(name, providers[0]?.health.version ?? 0);
  }

  /** The same, which does nothing of one that was deleted meanwhile. */
  adoptUnlessDeleted(name: string): Promise<Reading | undefined> {
    return this.adopt(name).catch((error: unknown) => {
      if (!(error instanceof UnknownProviderError)) throw error;
      return undefined;
    });
  }

  /** Forgets a provider unless PostgreSQL has it after all. */
  async forgetDeleted(name: string): Promise<void> {
    if ((await this.adoptUnlessDeleted(name)) === undefined) await this.forget(name);
  }

  /** Forgets a provider that PostgreSQL does not have any more, and tells everybody. */
  async forget(name: string): Promise<void> {
    await this.health.remove(name);
    this.publisher.announceAgain(name);
  }

  private async settle(names: readonly string[]): Promise<void> {
    const settled = await Promise.all(names.map((name) => this.health.settle(name)));
    this.publisher.announce(settled.filter((reading) => reading !== undefined));
  }

  private async command<R extends Reading>(name: string, run: () => Promise<R | undefined>): Promise<R> {
    const reading = await this.seeder.untilKnown(run, () => this.seeder.seed(name));
    this.publisher.announce([reading]);
    return reading;
  }
}

const isOverdue = (provider: TrackedProvider | undefined, now: number): boolean =>
  provider?.health.override !== undefined && !isOverridden(provider.health, now);
