import type {
  AvailabilityReason,
  ChainStrategy,
  FailureClass,
  PanicPolicy,
} from '@gatehouse/provider-health-contracts';
import type { Classify } from '../classification/provider-failure.js';
import type { ReadProvider } from '../provider-source.js';

/** Names in the order of preference, none twice, or what `getFallbackChain` takes. */
export type ChainOf =
  | readonly string[]
  | { primary: string; fallbacks?: readonly string[]; strategy?: ChainStrategy; panic?: PanicPolicy };

/** What a call is given. */
export interface CallContext {
  /** Its settings: `name`, `baseUrl`, `models`, `tags` and the like. */
  readonly provider: ReadProvider['provider'];
  /** Aborted when the try has had its time, and when the caller aborts: pass it on. */
  readonly signal: AbortSignal;
  /** 1 for the first of the whole execution. */
  readonly attempt: number;
  /** How long this try may take, milliseconds. */
  readonly timeoutMs: number;
}

export type ProviderCall<T> = (context: CallContext) => Promise<T>;

export interface ExecuteOptions {
  /** For the whole, milliseconds; default 60,000. Of a stream, until its first chunk. */
  deadlineMs?: number;
  /** For each try, milliseconds; default 30,000. Of a stream, until its first chunk. */
  tryTimeoutMs?: number;
  /** How often the same provider is asked again before the next one is; default 0. Each spends from the retry budget. */
  retries?: number;
  /** Default `priority`, or as the chain says. */
  strategy?: ChainStrategy;
  /** Default `fail`, or as the chain says. */
  panic?: PanicPolicy;
  /** The caller's own abort: stops at once, counts for nothing, and rejects with its reason. */
  signal?: AbortSignal;
  /** Asked before `classifyError`. */
  classify?: Classify;
  /** After which failures the next provider is asked; default all but `client` and `cancelled`. */
  fallbackOn?: readonly FailureClass[];
}

export interface StreamOptions<T> extends ExecuteOptions {
  /** Between two chunks while the consumer waits, milliseconds; default 30,000. */
  idleTimeoutMs?: number;
  /**
   * Makes, for each try, a function that sees every chunk: the stream is complete once it has returned true, and one that
   * ends before is cut. Without it a stream that ends is complete. See `terminator`.
   */
  isComplete?: () => (chunk: T) => boolean;
}

/** One try. */
export interface Attempt {
  provider: string;
  outcome: 'success' | FailureClass;
  /** Of a failure, without credentials. */
  reason?: string;
  durationMs: number;
}

/** One that was not called, and why not. */
export interface Excluded {
  name: string;
  /** `no-permit`: others are trying this half-open provider; `permit-unavailable`: none could be asked for. */
  reason: AvailabilityReason | 'no-permit' | 'permit-unavailable';
}

export interface ExecutionReport {
  attempts: Attempt[];
  excluded: Excluded[];
  /** Nobody was available, and the panic policy said whom to call. */
  panic: boolean;
  /** What was known of the providers was older than it may be. */
  stale: boolean;
}

export interface Execution<T> extends ExecutionReport {
  value: T;
  /** Who served. */
  provider: string;
}
