import type { ProviderLoad } from '@gatehouse/provider-health-rules';
import type { ProviderSource } from '../provider-source.js';
import { ChainRun, type ExecutionTools } from './chain-run.js';
import type { Clock } from './clock.js';
import type {
  CallContext,
  ChainOf,
  ExecuteOptions,
  Execution,
  ProviderCall,
  StreamOptions,
} from './execution-options.js';
import { MonitoredStream } from './monitored-stream.js';
import { discard, make, openStream, stop, type Streamable } from './provider-call.js';
import { ProviderLoads } from './provider-loads.js';
import type { ProviderTry } from './provider-try.js';
import { RetryBudget } from './retry-budget.js';
import { SystemClock } from './system.clock.js';

const DEFAULT_IDLE_TIMEOUT_MS = 30_000;

/** Calls providers along a chain, and reports what became of each call. One for a process: it holds the retry budget. */
export class ChainExecutor {
  private readonly tools: ExecutionTools;

  constructor(source: ProviderSource, clock: Clock = new SystemClock(), random: () => number = Math.random) {
    this.tools = { source, clock, random, budget: new RetryBudget(), loads: new ProviderLoads() };
  }

  /**
   * Calls the first provider of the chain, and after a failure the next, until one serves or the time is up. A half-open
   * provider is called under a permit; while others hold it, the next one is called at once. A `Response` counts as served
   * when it is `ok`: read its body inside the call if that is to count.
   *
   * @throws AllProvidersFailedError (503) that says what became of each
   * @throws what the call threw, when that is `client` or `cancelled`: it would fail at the next provider too
   * @throws the reason of `options.signal`, at once
   * @throws UnknownProviderError (404), ProvidersUnknownError (503), TypeError for a chain of none or with one twice
   */
  async execute<T>(
    chain: ChainOf,
    call: ProviderCall<T>,
    options: ExecuteOptions = {},
  ): Promise<Execution<T>> {
    const run = new ChainRun(this.tools, chain, options);
    try {
      const { value, tried } = await run.serve((tried, context) =>
        this.within(run, tried, context, make(call, context), discard),
      );
      const { attempts, excluded, panic, stale } = run.report;
      attempts.push(tried.succeed());
      return { value, provider: tried.provider.name, attempts, excluded, panic, stale };
    } finally {
      run.waits.close();
    }
  }

  /**
   * As `execute` for a call that gives chunks: an async iterable, a `ReadableStream`, or a `Response`. Until the first chunk
   * the next provider may take over; `value` then hands on the chunks. A stream that breaks off afterwards is a failure of
   * the provider and throws `StreamCutError`. Its response time is that to the first chunk; `attempts` holds the one that
   * served when the stream has ended. A stream without a chunk is a failure.
   */
  async executeStream<T>(
    chain: ChainOf,
    call: ProviderCall<Streamable<T>>,
    options: StreamOptions<T> = {},
  ): Promise<Execution<AsyncIterableIterator<T>>> {
    const run = new ChainRun(this.tools, chain, options);
    try {
      const { value: opened, tried } = await run.serve((tried, context) =>
        this.within(run, tried, context, make(call, context).then(openStream), ({ iterator }) =>
          stop(iterator),
        ),
      );
      tried.answered();
      const value = new MonitoredStream(opened, {
        ...{ tried, waits: run.waits, isComplete: options.isComplete?.() },
        idleTimeoutMs: options.idleTimeoutMs ?? DEFAULT_IDLE_TIMEOUT_MS,
        judge: (error) => run.judge(error),
        onEnd: (attempt) => run.report.attempts.push(attempt),
      });
      return { ...run.report, value, provider: tried.provider.name };
    } catch (error) {
      run.waits.close();
      throw error;
    }
  }

  /** What this process measures of its own calls to a provider. */
  loadOf(name: string): ProviderLoad | undefined {
    return this.tools.loads.of(name, this.tools.clock.now());
  }

  /** The work of a try for as long as it has; what comes later is let go. */
  private within<T>(
    run: ChainRun,
    tried: ProviderTry,
    context: CallContext,
    work: Promise<T>,
    letGo: (late: T) => void,
  ): Promise<T> {
    return run.waits.wait(work, context.timeoutMs, (reason) => {
      tried.aborting.abort(reason);
      work.then(letGo, () => {});
    });
  }
}
