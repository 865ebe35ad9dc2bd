import { DomainError } from '@gatehouse/problem-details';
import type { ProviderFailure } from '../classification/provider-failure.js';
import type { ExecutionReport } from './execution-options.js';

/**
 * - `failed`: each provider of the chain was asked, or is taken.
 * - `unavailable`: there was nobody to ask.
 * - `deadline`: the time was up before somebody answered.
 * - `retry-budget`: nobody was available, and too many tries in panic were made already.
 */
export type WhyNobodyServed = 'failed' | 'unavailable' | 'deadline' | 'retry-budget';

/**
 * 503 `all-providers-failed`: nobody served a call. `attempts` says what became of each try and `excluded` why the others
 * were not asked; its problem names the classes and reasons only, not what providers said. `cause` is what the one try
 * threw, or an `AggregateError` of all.
 */
export class AllProvidersFailedError extends DomainError {
  constructor(
    readonly reason: WhyNobodyServed,
    readonly report: ExecutionReport,
    thrown: readonly unknown[],
  ) {
    const { attempts, excluded } = report;
    super({
      type: 'all-providers-failed',
      status: 503,
      title: 'No provider could serve the call',
      detail: [
        `No provider served the call (${reason})`,
        ...attempts.map(({ provider, outcome, reason }) => `${provider}: ${outcome} (${reason ?? ''})`),
        ...excluded.map(({ name, reason }) => `${name}: not called, ${reason}`),
      ].join('; '),
      errors: [
        ...attempts.map(({ provider, outcome }) => ({ path: provider, message: outcome })),
        ...excluded.map(({ name, reason }) => ({ path: name, message: reason })),
      ],
      retryAfterSeconds: 5,
      cause: thrown.length > 1 ? new AggregateError(thrown) : thrown[0],
    });
  }

  get attempts(): ExecutionReport['attempts'] {
    return this.report.attempts;
  }

  get excluded(): ExecutionReport['excluded'] {
    return this.report.excluded;
  }
}

/**
 * 502 `stream-cut`: a stream broke off after its first chunk was handed on, so that no other provider could take over:
 * it ended before it was complete, failed, or was silent for too long. It is counted as `failure.class`.
 */
export class StreamCutError extends DomainError {
  constructor(
    readonly provider: string,
    readonly failure: ProviderFailure,
    /** So many were handed on. */
    readonly chunks: number,
    cause: unknown,
  ) {
    super({
      type: 'stream-cut',
      status: 502,
      title: 'The answer of the provider broke off',
      detail: `${provider} broke off after ${chunks} chunks: ${failure.message}`,
      cause,
    });
  }
}
