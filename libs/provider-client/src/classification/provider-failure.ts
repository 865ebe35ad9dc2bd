import type { FailureClass } from '@gatehouse/provider-health-contracts';

/** What a failed call means for the provider's health. */
export interface ProviderFailure {
  class: FailureClass;
  /** For people: without credentials, at most 512 characters. */
  message: string;
  /** Seconds for which the provider asks to be left alone. */
  retryAfter?: number;
}

/** A caller's own classification; undefined leaves an error to `classifyError`. */
export type Classify = (error: unknown) => ProviderFailure | undefined;
