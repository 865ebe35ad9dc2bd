import type { ProviderOutcome } from '@gatehouse/provider-health-contracts';
import type { ProviderFailure } from '../classification/provider-failure.js';
import type { ProviderSource, ReadProvider } from '../provider-source.js';
import type { Clock } from './clock.js';
import type { Attempt } from './execution-options.js';
import { LazyAbort } from './lazy-abort.js';
import type { ProviderLoads } from './provider-loads.js';

const LONGEST_RESPONSE_MS = 86_400_000;

/** One try at one provider: its outcome is reported exactly once, with the permit, which that gives back. */
export class ProviderTry {
  readonly aborting = new LazyAbort();
  private readonly startedAt: number;
  private answeredAfterMs?: number;
  private isReported = false;

  constructor(
    readonly provider: ReadProvider,
    private readonly permit: string | undefined,
    private readonly surroundings: { source: ProviderSource; clock: Clock; loads: ProviderLoads },
  ) {
    this.startedAt = surroundings.clock.now();
    surroundings.loads.begin(provider.name);
  }

  get durationMs(): number {
    return Math.min(Math.max(this.surroundings.clock.now() - this.startedAt, 0), LONGEST_RESPONSE_MS);
  }

  /** It has answered: of a stream, its first chunk has come. */
  answered(): void {
    if (this.answeredAfterMs !== undefined) return;
    this.answeredAfterMs = this.durationMs;
    const { loads, clock } = this.surroundings;
    loads.end(this.provider.name, clock.now(), this.answeredAfterMs);
  }

  succeed(): Attempt {
    this.answered();
    return this.report('success');
  }

  fail(failure: ProviderFailure): Attempt {
    const { loads, clock } = this.surroundings;
    if (this.answeredAfterMs === undefined) {
      // One that refuses fast is not fast; one that does not answer is as slow as it was waited for.
      const waited = failure.class === 'timeout' ? this.durationMs : undefined;
      loads.end(this.provider.name, clock.now(), waited);
      this.answeredAfterMs = this.durationMs;
    }
    return this.report(failure);
  }

  private report(of: 'success' | ProviderFailure): Attempt {
    const { name, version } = this.provider;
    const { permit, durationMs } = this;
    const responseTimeMs = of === 'success' ? (this.answeredAfterMs ?? durationMs) : durationMs;
    if (!this.isReported) {
      this.isReported = true;
      // Spelt out: spreading costs more than all else of a call.
      const outcome: ProviderOutcome =
        of === 'success' ? { name, version, responseTimeMs } : { name, version, responseTimeMs, ...of };
      if (permit !== undefined) outcome.permit = permit;
      this.surroundings.source.report(outcome);
    }
    return of === 'success'
      ? { provider: name, outcome: 'success', durationMs }
      : { provider: name, outcome: of.class, reason: of.message, durationMs };
  }
}
