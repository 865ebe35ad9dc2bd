import { Injectable } from '@nestjs/common';
import type { SnapshotAnswer } from '@gatehouse/provider-health-contracts';
import { isDatabaseUnavailable } from '@gatehouse/database';
import { DomainError } from '@gatehouse/problem-details';
import { ProviderManager } from '../providers/provider.manager.js';
import { HealthManager } from './health.manager.js';
import { HealthRepository } from './health.repository.js';
import { toSnapshot } from './tracked-provider.js';

const PAGE = 500;

/** What clients load before they follow the broadcasts: every provider with its health. */
@Injectable()
export class SnapshotFeed {
  constructor(
    private readonly tracked: HealthManager,
    private readonly providers: ProviderManager,
    private readonly health: HealthRepository,
  ) {}

  async snapshot(): Promise<SnapshotAnswer> {
    const { providers, now } = await this.tracked.findAll(await this.names());
    return { providers: providers.filter((provider) => provider !== undefined).map(toSnapshot), at: now };
  }

  /** PostgreSQL knows which there are; while it is away, those that Redis knows. */
  private async names(): Promise<string[]> {
    try {
      return await this.listed();
    } catch (error) {
      if (!isDatabaseUnavailable(error) && !(error instanceof DomainError && error.status === 503))
        throw error;
      return (await this.health.names()).sort();
    }
  }

  private async listed(): Promise<string[]> {
    const names: string[] = [];
    for (;;) {
      const page = await this.providers.list({ after: names.at(-1), limit: PAGE });
      names.push(...page.map(({ name }) => name));
      if (page.length < PAGE) return names;
    }
  }
}
