import type { CheckedProvider } from '../providers/checked-provider.js';

/** The right to run one check, given once in the fleet. */
export interface CheckClaim {
  provider: CheckedProvider;
  /** ms since 1970, growing with each check of a provider. */
  slot: number;
  /** Of the provider's health when it was given; undefined when Redis does not know the provider. */
  version?: number;
}
