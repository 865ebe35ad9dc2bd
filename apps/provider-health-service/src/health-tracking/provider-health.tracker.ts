import { Injectable } from '@nestjs/common';
import type { Principal } from '@gatehouse/auth-contracts';
import type {
  ChainStrategy,
  FailureBody,
  FallbackChain,
  HealthCheckAnswer,
  HealthCheckSchedule,
  HealthyProvider,
  PanicPolicy,
  ProviderStatistics,
  ProviderStatus,
  StatisticsWindow,
  SuccessBody,
} from '@gatehouse/provider-health-contracts';
import { type Candidate, fallbackChain, firstHealthy } from '@gatehouse/provider-health-rules';
import { NoProviderAvailableError } from '../fallback-chains/fallback-chains.errors.js';
import { ResponseTimeTracker } from '../statistics/response-time.tracker.js';
import { StatisticsManager } from '../statistics/statistics.manager.js';
import { toCandidate } from './chain-candidate.js';
import { HealthManager } from './health.manager.js';
import { OutcomeRecorder } from './outcome.recorder.js';
import { toOutcome } from '../health-checks/check-report.js';
import type { CheckFinding } from '../health-checks/check-outcome.js';
import { HealthChecks } from '../health-checks/health.checks.js';
import type { DescribedProvider } from '../providers/provider.manager.js';
import { toStatus, type TrackedProvider } from './tracked-provider.js';

/** The health of providers, counted once for the whole fleet. Unknown names are refused with `unknown-provider`. */
@Injectable()
export class ProviderHealthTracker {
  constructor(
    private readonly health: HealthManager,
    private readonly outcomes: OutcomeRecorder,
    private readonly statistics: StatisticsManager,
    private readonly responseTimes: ResponseTimeTracker,
    private readonly checks: HealthChecks,
  ) {}

  async recordProviderSuccess(name: string, success: SuccessBody): Promise<ProviderStatus> {
    const { provider, now } = await this.outcomes.recordOne({ name, ...success });
    return this.toStatus(provider, now);
  }

  async recordProviderFailure(name: string, failure: FailureBody): Promise<ProviderStatus> {
    const { provider, now } = await this.outcomes.recordOne({ name, ...failure });
    return this.toStatus(provider, now);
  }

  /** Checks a provider now and counts what was found. It takes no permit, and counts in half-open all the same. */
  async performHealthCheck(name: string): Promise<HealthCheckAnswer> {
    const { version } = await this.getProviderStatus(name);
    const { retryAfter, ...result } = await this.checks.perform(name);
    const provider = await this.recordHealthCheck({ retryAfter, ...result }, { version });
    return { ...result, provider };
  }

  /** Changes when a provider is checked; what the schedule leaves out stays. */
  scheduleHealthChecks(
    name: string,
    schedule: HealthCheckSchedule,
    by: Principal,
  ): Promise<DescribedProvider> {
    return this.checks.schedule(name, schedule, by);
  }

  /** Counts what a check found. */
  recordHealthCheck(
    finding: CheckFinding,
    of: { outcomeId?: string; version?: number },
  ): Promise<ProviderStatus> {
    const outcome = toOutcome(finding, of);
    return 'class' in outcome
      ? this.recordProviderFailure(finding.name, outcome)
      : this.recordProviderSuccess(finding.name, outcome);
  }

  async getProviderStatus(name: string): Promise<ProviderStatus> {
    const [status] = await this.getStatuses([name]);
    return status as ProviderStatus;
  }

  async isProviderHealthy(name: string): Promise<boolean> {
    return (await this.getProviderStatus(name)).status === 'healthy';
  }

  async isProviderAvailable(name: string): Promise<boolean> {
    return (await this.getProviderStatus(name)).available;
  }

  /** Whom to call, in which order, and whom not and why; see `fallbackChain`. */
  async getFallbackChain(of: {
    primary: string;
    fallbacks?: readonly string[];
    strategy?: ChainStrategy;
    panic?: PanicPolicy;
  }): Promise<FallbackChain> {
    const names = [...new Set([of.primary, ...(of.fallbacks ?? [])])];
    const { providers, now } = await this.health.getAll(names);
    const candidates = providers.map((provider) => this.toCandidate(provider, now));
    return fallbackChain(candidates, { strategy: of.strategy, panic: of.panic, random: Math.random });
  }

  /** @throws NoProviderAvailableError (503) that says of each why not */
  async getHealthyProvider(names: readonly string[], panic?: PanicPolicy): Promise<HealthyProvider> {
    const { providers, now } = await this.health.getAll(names);
    const candidates = providers.map((provider) => this.toCandidate(provider, now));
    const found = firstHealthy(candidates, panic);
    if (found === undefined) throw new NoProviderAvailableError(candidates);
    return found;
  }

  getProviderStats(name: string, window: StatisticsWindow): Promise<ProviderStatistics> {
    return this.statistics.of(name, window);
  }

  getAllProvidersStats(window: StatisticsWindow): Promise<ProviderStatistics[]> {
    return this.statistics.ofEveryOne(window);
  }

  /** The statuses of several, in the order asked. */
  async getStatuses(names: readonly string[]): Promise<ProviderStatus[]> {
    const { providers, now } = await this.health.getAll(names);
    return providers.map((provider) => this.toStatus(provider, now));
  }

  private toCandidate(provider: TrackedProvider, now: number): Candidate {
    return toCandidate(provider, now, this.responseTimes.of(provider.name));
  }

  private toStatus(provider: TrackedProvider, now: number): ProviderStatus {
    return toStatus(provider, now, this.responseTimes.of(provider.name));
  }
}
