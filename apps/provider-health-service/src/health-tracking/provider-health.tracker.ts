import { Injectable } from '@nestjs/common';
import type {
  ChainStrategy,
  FailureBody,
  FallbackChain,
  HealthyProvider,
  PanicPolicy,
  ProviderStatistics,
  ProviderStatus,
  StatisticsWindow,
  SuccessBody,
} from '@gatehouse/provider-health-contracts';
import {
  DEFAULT_RETRY_AFTER_MS,
  fallbackChain,
  firstHealthy,
  retryAfterMs,
} from '@gatehouse/provider-health-rules';
import { ProviderHistory } from '../events/provider.history.js';
import { NoProviderAvailableError } from '../fallback-chains/fallback-chains.errors.js';
import { ProviderManager } from '../providers/provider.manager.js';
import { ResponseTimeTracker } from '../statistics/response-time.tracker.js';
import { StatisticsManager } from '../statistics/statistics.manager.js';
import { HealthRepository, type Reading, type ReportedOutcome } from './health.repository.js';
import { toCandidate } from './chain-candidate.js';
import { toStatus, type TrackedProvider } from './tracked-provider.js';

/** The health of providers, counted once for the whole fleet. Unknown names are refused with `unknown-provider`. */
@Injectable()
export class ProviderHealthTracker {
  constructor(
    private readonly health: HealthRepository,
    private readonly providers: ProviderManager,
    private readonly history: ProviderHistory,
    private readonly statistics: StatisticsManager,
    private readonly responseTimes: ResponseTimeTracker,
  ) {}

  recordProviderSuccess(name: string, success: SuccessBody): Promise<ProviderStatus> {
    return this.record(name, { kind: 'success', ...success });
  }

  recordProviderFailure(name: string, failure: FailureBody): Promise<ProviderStatus> {
    const { class: kind, retryAfter, ...rest } = failure;
    const wait = retryAfterMs(retryAfter, Date.now()) ?? DEFAULT_RETRY_AFTER_MS;
    return this.record(name, { kind, retryAfterMs: wait, ...rest });
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
    const [{ providers, now }, settings] = await Promise.all([
      this.read(names),
      // Weights and costs are PostgreSQL's; the other strategies go on without it.
      of.strategy === 'weighted' || of.strategy === 'cheapest' ? this.providers.getAll(names) : undefined,
    ]);
    const candidates = providers.map((provider, index) => toCandidate(provider, now, settings?.[index]));
    return fallbackChain(candidates, { strategy: of.strategy, panic: of.panic, random: Math.random });
  }

  /** @throws NoProviderAvailableError (503) that says of each why not */
  async getHealthyProvider(names: readonly string[], panic?: PanicPolicy): Promise<HealthyProvider> {
    const { providers, now } = await this.read(names);
    const candidates = providers.map((provider) => toCandidate(provider, now));
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
    const { providers, now } = await this.read(names);
    return providers.map((provider) => this.toStatus(provider, now));
  }

  private async read(names: readonly string[]): Promise<{ providers: TrackedProvider[]; now: number }> {
    let { providers, now } = await this.health.read(names);
    const lost = names.filter((_name, index) => providers[index] === undefined);
    if (lost.length > 0) {
      await Promise.all(lost.map((name) => this.seed(name)));
      ({ providers, now } = await this.health.read(names));
    }
    return { providers: providers.filter((provider) => provider !== undefined), now };
  }

  private async record(name: string, outcome: ReportedOutcome): Promise<ProviderStatus> {
    const reading = (await this.health.record(name, outcome)) ?? (await this.seedAndRecord(name, outcome));
    return this.toStatus(reading.provider, reading.now);
  }

  private toStatus(provider: TrackedProvider, now: number): ProviderStatus {
    return toStatus(provider, now, this.responseTimes.of(provider.name));
  }

  private async seedAndRecord(name: string, outcome: ReportedOutcome): Promise<Reading> {
    await this.seed(name);
    const reading = await this.health.record(name, outcome);
    if (reading === undefined) throw new Error(`The health of ${name} vanished`);
    return reading;
  }

  /**
   * Tells Redis of a provider that it does not know: a new one, or one that it has lost, which goes on as its last
   * recorded transition left it.
   */
  private async seed(name: string): Promise<void> {
    const [provider, [last]] = await Promise.all([
      this.providers.get(name),
      this.history.transitionsOf(name, { limit: 1 }),
    ]);
    const { policy } = provider;
    const unhealthyUntil =
      last?.to === 'unhealthy' ? Date.parse(last.at) + policy.unhealthySeconds * 1000 : undefined;
    await this.health.seed({
      ...{ name, policy, unhealthyUntil },
      status: last?.to ?? 'healthy',
      version: last?.version ?? 0,
    });
  }
}
