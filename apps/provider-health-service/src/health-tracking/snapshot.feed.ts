import { Injectable } from '@nestjs/common';
import type { ResponseTimesAnswer, SnapshotAnswer } from '@gatehouse/provider-health-contracts';
import { isDatabaseUnavailable } from '@gatehouse/database';
import { DomainError } from '@gatehouse/problem-details';
import { ResponseTimeTracker } from '../statistics/response-time.tracker.js';
import { HealthManager } from './health.manager.js';
import { HealthRepository } from './health.repository.js';
import { HealthSeeder } from './health.seeder.js';
import { toSnapshot } from './tracked-provider.js';

/** What clients load before they follow the broadcasts: every provider with its health. */
@Injectable()
export class SnapshotFeed {
  constructor(
    private readonly tracked: HealthManager,
    private readonly seeder: HealthSeeder,
    private readonly health: HealthRepository,
    private readonly responseTimes: ResponseTimeTracker,
  ) {}

  async snapshot(): Promise<SnapshotAnswer> {
    const { providers, now } = await this.tracked.findAll(await this.names());
    const known = providers.filter((provider) => provider !== undefined);
    return {
      providers: known.map((provider) => toSnapshot(provider, this.responseTimes.of(provider.name))),
      at: now,
    };
  }

  /** At hand in the process: clients ask for them again and again. */
  responseTimeAnswer(): ResponseTimesAnswer {
    const times = [...this.responseTimes.all()].map(
      ([name, { p50, p95, p99 }]) => [name, { p50, p95, p99 }] as const,
    );
    return { times: Object.fromEntries(times) };
  }

  /** PostgreSQL knows which there are; while it is away, those that Redis knows. */
  private async names(): Promise<string[]> {
    try {
      return await this.seeder.everyName();
    } catch (error) {
      if (!isDatabaseUnavailable(error) && !(error instanceof DomainError && error.status === 503))
        throw error;
      return (await this.health.names()).sort();
    }
  }
}
