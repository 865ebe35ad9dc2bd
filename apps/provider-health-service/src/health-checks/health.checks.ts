import { Injectable } from '@nestjs/common';
import type { Principal } from '@gatehouse/auth-contracts';
import type { HealthCheckSchedule } from '@gatehouse/provider-health-contracts';
import { ProviderChecksManager } from '../providers/provider-checks.manager.js';
import { type DescribedProvider, ProviderManager } from '../providers/provider.manager.js';
import { NoHealthCheckError } from '../providers/providers.errors.js';
import type { CheckFinding } from './check-outcome.js';
import { HealthCheckRunner } from './health-check.runner.js';

/** The checks of providers, by name. */
@Injectable()
export class HealthChecks {
  constructor(
    private readonly providers: ProviderManager,
    private readonly checks: ProviderChecksManager,
    private readonly runner: HealthCheckRunner,
  ) {}

  /**
   * Checks a provider now.
   * @throws UnknownProviderError
   * @throws NoHealthCheckError
   */
  async perform(name: string): Promise<CheckFinding> {
    const { baseUrl, healthCheck } = await this.providers.get(name);
    if (healthCheck === null) throw new NoHealthCheckError(name);
    return this.runner.run({ name, baseUrl, healthCheck });
  }

  /** See `ProviderChecksManager`. */
  async schedule(name: string, schedule: HealthCheckSchedule, by: Principal): Promise<DescribedProvider> {
    await this.checks.schedule(name, schedule, by);
    return this.providers.describe(name);
  }
}
