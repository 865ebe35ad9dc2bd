import type { FailureClass, FallbackChain } from '@gatehouse/provider-health-contracts';
import { fallbackChain } from '@gatehouse/provider-health-rules';
import { classifyError } from '../classification/classify-error.js';
import type { ProviderFailure } from '../classification/provider-failure.js';
import { publicMessage } from '../classification/public-message.js';
import { ProviderKeyUnavailableError } from '../provider-client.errors.js';
import type { ProviderSource, ReadProvider } from '../provider-source.js';
import type { Clock } from './clock.js';
import { AllProvidersFailedError, type WhyNobodyServed } from './execution.errors.js';
import type { CallContext, ChainOf, ExecuteOptions, ExecutionReport } from './execution-options.js';
import { Interruptible, TimeUpError } from './interruptible.js';
import { acquirePermit } from './permit.js';
import type { ProviderLoads } from './provider-loads.js';
import { ProviderTry } from './provider-try.js';
import type { RetryBudget } from './retry-budget.js';

const DEFAULT_DEADLINE_MS = 60_000;
const DEFAULT_TRY_TIMEOUT_MS = 30_000;
/** Before a provider is asked again: up to this, doubled each time, at random. */
const BACKOFF_MS = 100;
const LONGEST_BACKOFF_MS = 2_000;
/** After these the same provider may be asked again at once. */
const RETRYABLE: readonly FailureClass[] = ['server', 'network', 'timeout'];
const NEUTRAL: readonly FailureClass[] = ['client', 'cancelled'];

/** What executions of one process share. */
export interface ExecutionTools {
  source: ProviderSource;
  clock: Clock;
  budget: RetryBudget;
  loads: ProviderLoads;
  /** A number from 0 up to 1. */
  random: () => number;
}

/** Makes the call and waits for what it is to give, for `context.timeoutMs` at most. */
export type Perform<T> = (tried: ProviderTry, context: CallContext) => Promise<T>;

/** One walk along a chain, until somebody serves. */
export class ChainRun {
  readonly waits: Interruptible;
  readonly report: ExecutionReport;
  private readonly chain: FallbackChain['chain'];
  private readonly known: ReadonlyMap<string, ReadProvider>;
  private readonly deadline: number;
  private readonly thrown: unknown[] = [];

  /** @throws TypeError for no name or one twice, UnknownProviderError, ProvidersUnknownError */
  constructor(
    private readonly tools: ExecutionTools,
    of: ChainOf,
    private readonly options: ExecuteOptions,
  ) {
    const { source, clock, budget, loads, random } = tools;
    const wanted = 'primary' in of ? of : { strategy: undefined, panic: undefined };
    const names = namesOf(of);
    const now = clock.now();
    const reading = source.read(names);
    const chain = fallbackChain(reading.providers, {
      strategy: options.strategy ?? wanted.strategy,
      panic: options.panic ?? wanted.panic,
      random,
      loadOf: (name) => loads.of(name, now),
    });
    this.chain = chain.chain;
    this.known = new Map(reading.providers.map((provider) => [provider.name, provider]));
    const { panic, excluded } = chain;
    this.report = { attempts: [], excluded: [...excluded], panic, stale: reading.stale === true };
    this.deadline = now + (options.deadlineMs ?? DEFAULT_DEADLINE_MS);
    this.waits = new Interruptible(clock, options.signal);
    budget.deposit(now);
  }

  /**
   * Asks one after the other, and those that may be asked again as often as `retries` says.
   *
   * @throws AllProvidersFailedError; the reason of the caller's abort; what the call threw when the next is not to be asked
   */
  async serve<T>(perform: Perform<T>): Promise<{ value: T; tried: ProviderTry }> {
    for (const { name } of this.chain) {
      const served = await this.ask(name, perform);
      if (served !== undefined) return served;
    }
    throw this.nobodyServed(this.report.attempts.length === 0 ? 'unavailable' : 'failed');
  }

  /** What an error means, by the caller's own classification first; one that throws is passed over. */
  judge(error: unknown): ProviderFailure {
    try {
      const own = this.options.classify?.(error);
      if (own !== undefined) return { ...own, message: publicMessage(own.message) };
    } catch {
      // The outcome of the call is told in any case.
    }
    return classifyError(error, this.tools.clock.date());
  }

  private async ask<T>(name: string, perform: Perform<T>) {
    const retries = this.options.retries ?? 0;
    for (let again = 0; again <= retries; again++) {
      if (again > 0) await this.backOff(again);
      this.mindTheTime();
      const provider = this.callable(name);
      if (provider === undefined || !this.mayAsk(again > 0)) return undefined;
      const permit = await this.permitFor(provider);
      if (permit === false) return undefined;
      this.mindTheTime(() => this.giveBack(name, permit));
      const tried = new ProviderTry(provider, permit, this.tools);
      const timeoutMs = Math.min(this.remaining, this.tryTimeoutMs);
      try {
        return { value: await perform(tried, this.contextOf(tried, timeoutMs)), tried };
      } catch (error) {
        if (!RETRYABLE.includes(this.failed(tried, error, timeoutMs).class)) return undefined;
      }
    }
    return undefined;
  }

  private contextOf(tried: ProviderTry, timeoutMs: number): CallContext {
    const attempt = this.report.attempts.length + 1;
    const { aborting, provider } = tried;
    return {
      provider: provider.provider,
      get signal() {
        return aborting.signal;
      },
      attempt,
      timeoutMs,
    };
  }

  /** Takes note of a failure. @throws when it ends the whole */
  private failed(tried: ProviderTry, error: unknown, timeoutMs: number): ProviderFailure {
    const failure = this.failureOf(error, timeoutMs);
    this.report.attempts.push(tried.fail(failure));
    this.thrown.push(error);
    if (this.waits.isAborted) throw this.waits.reason;
    if (error instanceof TimeUpError && this.isTimeUp) throw this.nobodyServed('deadline');
    const { fallbackOn } = this.options;
    const isOurs = error instanceof ProviderKeyUnavailableError;
    const goesOn = fallbackOn?.includes(failure.class) ?? (isOurs || !NEUTRAL.includes(failure.class));
    if (!goesOn) throw error;
    return failure;
  }

  private failureOf(error: unknown, timeoutMs: number): ProviderFailure {
    if (this.waits.isAborted) return { class: 'cancelled', message: 'The caller aborted' };
    if (!(error instanceof TimeUpError)) return this.judge(error);
    // A later try that had but the rest of the time says nothing of its provider.
    const isCutShort = timeoutMs < this.tryTimeoutMs && this.report.attempts.length > 0;
    return { class: isCutShort ? 'cancelled' : 'timeout', message: error.message };
  }

  /** As it is known now: what was learnt since the chain was made counts. */
  private callable(name: string): ReadProvider | undefined {
    const { attempts, excluded, panic } = this.report;
    const first = this.known.get(name);
    if (attempts.length === 0 && excluded.length === 0) return first;
    const [provider] = this.tools.source.read([name]).providers;
    if (provider === undefined || provider.available || panic) return provider;
    if (!attempts.some((attempt) => attempt.provider === name))
      excluded.push({ name, reason: provider.reason });
    return undefined;
  }

  /**
   * Tries again at the same provider, and further ones in panic, spend from the budget. The next available provider is free:
   * each call reaches it once at most.
   */
  private mayAsk(isAgain: boolean): boolean {
    const isFurtherInPanic = this.report.panic && this.report.attempts.length > 0;
    if (!isAgain && !isFurtherInPanic) return true;
    if (this.tools.budget.withdraw(this.tools.clock.now())) return true;
    if (isFurtherInPanic) throw this.nobodyServed('retry-budget');
    return false;
  }

  private async permitFor(provider: ReadProvider): Promise<string | undefined | false> {
    if (provider.reason !== 'half-open') return undefined;
    const { source } = this.tools;
    const answer = await acquirePermit(source, this.waits, provider.name, this.remaining);
    if (typeof answer === 'object') return answer.permit ?? undefined;
    this.report.excluded.push({ name: provider.name, reason: answer });
    return false;
  }

  private giveBack(name: string, permit: string | undefined): void {
    if (permit !== undefined) this.tools.source.report({ name, class: 'cancelled', permit });
  }

  private async backOff(again: number): Promise<void> {
    const longest = Math.min(BACKOFF_MS * 2 ** (again - 1), LONGEST_BACKOFF_MS, Math.max(this.remaining, 0));
    await this.waits.sleep(this.tools.random() * longest);
  }

  /** @throws when the time is up, or the caller has aborted */
  private mindTheTime(before: () => void = () => {}): void {
    if (!this.waits.isAborted && !this.isTimeUp) return;
    before();
    throw this.waits.isAborted ? this.waits.reason : this.nobodyServed('deadline');
  }

  private get remaining(): number {
    return this.deadline - this.tools.clock.now();
  }

  /** Timers of Node may come up to a millisecond early. */
  private get isTimeUp(): boolean {
    return this.remaining < 1;
  }

  private get tryTimeoutMs(): number {
    return this.options.tryTimeoutMs ?? DEFAULT_TRY_TIMEOUT_MS;
  }

  private nobodyServed(reason: WhyNobodyServed): AllProvidersFailedError {
    return new AllProvidersFailedError(reason, this.report, this.thrown);
  }
}

function namesOf(of: ChainOf): readonly string[] {
  const names = 'primary' in of ? [of.primary, ...(of.fallbacks ?? [])] : of;
  if (names.length === 0) throw new TypeError('A chain names at least one provider');
  if (new Set(names).size < names.length) throw new TypeError(`A chain names none twice: ${names.join()}`);
  return names;
}
