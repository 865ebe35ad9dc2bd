import type {
  ProbePermit,
  ProviderOutcome,
  ProviderSnapshot,
  ResponseTimes,
} from '@gatehouse/provider-health-contracts';
import type { Candidate } from '@gatehouse/provider-health-rules';

/** A provider at the moment of a reading: whether it may be called, and what a strategy chooses by. Immutable. */
export interface ReadProvider extends Candidate {
  readonly provider: ProviderSnapshot['provider'];
  /** Milliseconds: the last, and of the successes of the last five minutes in the whole fleet. */
  readonly responseTimeMs?: ResponseTimes;
  /** Of one that is not available, when it may be called again, milliseconds since 1970; undefined when nobody knows. */
  readonly availableAt?: number;
}

/** Several providers as this process knew them at one moment. */
export interface ProviderReading {
  /** In the order asked. */
  readonly providers: readonly ReadProvider[];
  /** By the clock of Redis, milliseconds since 1970. */
  readonly now: number;
  /** How long ago it was certain that nothing was missed. */
  readonly ageMs: number;
  /** It is older than it may be, or this process goes on by itself. */
  readonly stale?: true;
}

/** What a call along a chain needs of provider-health-service. */
export interface ProviderSource {
  /**
   * Reads in the process, at once.
   *
   * @throws UnknownProviderError (404), ProvidersUnknownError (503) before the first load
   */
  read(names: readonly string[]): ProviderReading;
  /**
   * The right to call a half-open provider; `permit` is null for one that needs none. Give it with the outcome.
   *
   * @throws DomainError `no-permit` (409) while others try it
   */
  acquirePermit(name: string, options?: { timeoutMs?: number }): Promise<ProbePermit>;
  /** Takes an outcome to be reported and returns at once. */
  report(outcome: ProviderOutcome): void;
}
