import type {
  ChainStrategy,
  FailureBody,
  HealthCheckAnswer,
  HealthCheckSchedule,
  MarkBody,
  PanicPolicy,
  ProbePermit,
  ProviderAnswer,
  ProviderOutcome,
  ProviderStatistics,
  ProviderStatus,
  ProviderStatusName,
  StatisticsWindow,
  SuccessBody,
} from '@gatehouse/provider-health-contracts';
import { fallbackChain, firstHealthy, type ProviderLoad } from '@gatehouse/provider-health-rules';
import { ChainExecutor } from './execution/chain.executor.js';
import type {
  ChainOf,
  ExecuteOptions,
  Execution,
  ProviderCall,
  StreamOptions,
} from './execution/execution-options.js';
import type { Streamable } from './execution/provider-call.js';
import type {
  ChosenProvider,
  ProviderAvailability,
  ProviderHealthiness,
  ReadFallbackChain,
} from './health-answers.js';
import { availabilityOf } from './known-providers/known-provider.js';
import { statusOf } from './known-providers/provider-status.js';
import type { ProviderView } from './known-providers/provider-view.js';
import type { PermitBroker } from './local-operation/permit.broker.js';
import { isAway } from './outcomes/delivery-failure.js';
import type { OutcomeIntake } from './outcomes/outcome.intake.js';
import { NoProviderAvailableError } from './provider-client.errors.js';
import type { ProviderServiceConnection } from './provider-service.connection.js';
import type { ProviderReading, ProviderSource } from './provider-source.js';

/** A check may take a minute; the service has some time beside it. */
const LONGEST_CHECK_MS = 65_000;

/** What a mark by hand may say beside the status. */
export type MarkDetails = Omit<MarkBody, 'status'>;

/** Whom a chain is made of, and how; `priority` and `fail` where nothing is said. */
export interface ChainRequest {
  primary: string;
  fallbacks?: readonly string[];
  strategy?: ChainStrategy;
  panic?: PanicPolicy;
}

/** Tells whether the providers are known. */
export interface ClientReadiness {
  whenReady(): Promise<void>;
  check(): Promise<object>;
}

/**
 * The health of providers in a process that calls them.
 *
 * What is asked before each call (`isProviderHealthy`, `isProviderAvailable`, `getHealthyProvider`, `getFallbackChain`) is
 * read in the process at once, and says how old it is; `record…` takes an outcome and returns at once. The rest asks
 * provider-health-service, and rejects with its `DomainError`. Unknown names are refused with `unknown-provider` (404), and
 * until the first load every name with `providers-unknown` (503): await `whenReady()` at the start.
 */
export class ProviderHealthClient implements ProviderSource {
  /** It holds the retry budget, and what this process measures of its calls. */
  private readonly executor = new ChainExecutor(this);

  constructor(
    private readonly view: ProviderView,
    private readonly permits: PermitBroker,
    private readonly intake: OutcomeIntake,
    private readonly connection: Pick<ProviderServiceConnection, 'ask'>,
    private readonly readiness: ClientReadiness,
  ) {}

  /** Resolves when the providers are known. It waits for as long as that takes: bound it where you must go on. */
  whenReady(): Promise<void> {
    return this.readiness.whenReady();
  }

  /** For readiness: rejects while the providers were never loaded. What is stale is told, and is no reason to reject. */
  check(): Promise<object> {
    return this.readiness.check();
  }

  isProviderHealthy(name: string): ProviderHealthiness {
    const { snapshot, isLocal } = this.view.find(name);
    const { status, version } = snapshot.health;
    return { healthy: status === 'healthy', status, version, ...this.view.age(isLocal) };
  }

  isProviderAvailable(name: string): ProviderAvailability {
    const known = this.view.find(name);
    const { available, reason } = availabilityOf(known, this.view.now);
    const { version } = known.snapshot.health;
    return { available, reason, version, ...this.view.age(known.isLocal) };
  }

  /**
   * The first healthy of the named providers, else the first available.
   *
   * @throws NoProviderAvailableError (503) that says of each why not
   */
  getHealthyProvider(names: readonly string[]): ChosenProvider {
    const { providers, ageMs, stale } = this.view.read(names);
    const found = firstHealthy(providers);
    if (found === undefined) throw new NoProviderAvailableError(providers);
    const version = providers.find(({ name }) => name === found.name)?.version ?? 0;
    return { ...found, version, ageMs, ...(stale && { stale }) };
  }

  /** Whom to call, in which order, and whom not and why. A half-open provider is listed; to call it takes a permit. */
  getFallbackChain({ primary, fallbacks = [], strategy, panic }: ChainRequest): ReadFallbackChain {
    // Asked before each call: a set of a few names costs more than looking through them.
    const names = [primary];
    for (const name of fallbacks) if (!names.includes(name)) names.push(name);
    const { providers, ageMs, stale } = this.view.read(names);
    const options = { strategy, panic, random: Math.random, loadOf: this.loadOf };
    const { chain, excluded, panic: inPanic, version } = fallbackChain(providers, options);
    const read = { chain, excluded, panic: inPanic, version, ageMs };
    return stale === undefined ? read : { ...read, stale };
  }

  /**
   * Calls the first provider of a chain, and after a failure the next, until one serves or the time is up; reports what
   * became of each call. See `ChainExecutor.execute`.
   */
  execute<T>(chain: ChainOf, call: ProviderCall<T>, options?: ExecuteOptions): Promise<Execution<T>> {
    return this.executor.execute(chain, call, options);
  }

  /** As `execute`, for a call that gives chunks. See `ChainExecutor.executeStream`. */
  executeStream<T>(
    chain: ChainOf,
    call: ProviderCall<Streamable<T>>,
    options?: StreamOptions<T>,
  ): Promise<Execution<AsyncIterableIterator<T>>> {
    return this.executor.executeStream(chain, call, options);
  }

  /** As the service knows it; while that is away as this process does, and then it is `stale`. */
  async getProviderStatus(name: string): Promise<ProviderStatus> {
    try {
      return await this.connection.ask('providers.status', { name });
    } catch (error) {
      if (!isAway(error)) throw error;
      return { ...statusOf(this.view.find(name), this.view.now()), ...this.view.age(true) };
    }
  }

  /** What became of the calls of the whole fleet in the window, the live minute included. */
  getProviderStats(name: string, window: StatisticsWindow = '1h'): Promise<ProviderStatistics> {
    return this.connection.ask('providers.stats', { name, window });
  }

  /** The same of every provider. */
  async getAllProvidersStats(window: StatisticsWindow = '1h'): Promise<ProviderStatistics[]> {
    const all: ProviderStatistics[] = [];
    for (let cursor: string | undefined; ;) {
      const page = await this.connection.ask('providers.all-stats', { window, limit: 200, cursor });
      all.push(...page.items);
      if (page.nextCursor === null) return all;
      cursor = page.nextCursor;
    }
  }

  /** A call was served. Returns at once; it is told of soon, and for as long as it takes. */
  recordProviderSuccess(name: string, success: SuccessBody): void {
    this.report({ name, ...success });
  }

  /** A call failed. As for a success; it does not wait for others to be told of with it. */
  recordProviderFailure(name: string, failure: FailureBody): void {
    this.report({ name, ...failure });
  }

  /** One transition by hand, after which outcomes go on counting; needs `providers:override`. */
  markProviderHealthy(name: string, details: MarkDetails = {}): Promise<ProviderStatus> {
    return this.mark(name, 'healthy', details);
  }

  markProviderDegraded(name: string, details: MarkDetails = {}): Promise<ProviderStatus> {
    return this.mark(name, 'degraded', details);
  }

  markProviderUnhealthy(name: string, details: MarkDetails = {}): Promise<ProviderStatus> {
    return this.mark(name, 'unhealthy', details);
  }

  /** Checks a provider now, and counts what was found; needs `providers:write`. It takes as long as the check may. */
  performHealthCheck(name: string): Promise<HealthCheckAnswer> {
    return this.connection.ask('providers.check', { name }, LONGEST_CHECK_MS);
  }

  /** Changes when a provider is checked, and answers it; what the schedule leaves out stays. Needs `providers:write`. */
  scheduleHealthChecks(name: string, schedule: HealthCheckSchedule): Promise<ProviderAnswer> {
    return this.connection.ask('providers.schedule-checks', { name, schedule });
  }

  read(names: readonly string[]): ProviderReading {
    return this.view.read(names);
  }

  /** While the fleet is out of reach this process gives itself the permit, `probePermits` at a time. */
  acquirePermit(name: string, { timeoutMs }: { timeoutMs?: number } = {}): Promise<ProbePermit> {
    return this.permits.acquire(name, timeoutMs);
  }

  report(outcome: ProviderOutcome): void {
    this.intake.take(outcome);
  }

  private readonly loadOf = (name: string): ProviderLoad | undefined => this.executor.loadOf(name);

  private mark(name: string, status: ProviderStatusName, details: MarkDetails): Promise<ProviderStatus> {
    return this.connection.ask('providers.mark', { name, status, ...details });
  }
}
