import { z } from 'zod';
import { ProviderName, ProviderNames } from './provider-name.js';
import type { AvailabilityReason } from './provider-status.js';
import type { ProviderStatusName } from './status-name.js';

/**
 * In which order providers are called; degraded ones come after the others in each.
 *
 * - `priority`: as given.
 * - `weighted`: drawn by `weight`.
 * - `least-latency`: the better of two drawn at random, again and again, by response time and calls under way.
 * - `cheapest`: by `costPerMillionTokens`; those of unknown cost last.
 */
export const CHAIN_STRATEGIES = ['priority', 'weighted', 'least-latency', 'cheapest'] as const;
export const ChainStrategy = z.enum(CHAIN_STRATEGIES);
export type ChainStrategy = z.infer<typeof ChainStrategy>;

/**
 * What to do when nobody is available: `fail` call nobody; `least-bad` call those that failed, then those that are
 * rate-limited, then those that refuse our credentials; `soonest` call who opens first. Nobody that an operator has taken
 * out is called by any of them.
 */
export const PANIC_POLICIES = ['fail', 'least-bad', 'soonest'] as const;
export const PanicPolicy = z.enum(PANIC_POLICIES);
export type PanicPolicy = z.infer<typeof PanicPolicy>;

export const FallbackChainQuery = z
  .strictObject({
    primary: ProviderName,
    fallbacks: ProviderNames.optional(),
    strategy: ChainStrategy.default('priority'),
    panic: PanicPolicy.default('fail'),
  })
  .refine(({ primary, fallbacks }) => fallbacks?.includes(primary) !== true, {
    error: 'must not name the primary again',
    path: ['fallbacks'],
  });
export type FallbackChainQuery = z.infer<typeof FallbackChainQuery>;

export const HealthyProviderQuery = z.strictObject({
  among: ProviderNames,
  panic: PanicPolicy.default('fail'),
});
export type HealthyProviderQuery = z.infer<typeof HealthyProviderQuery>;

/** Whom to call, in this order, and whom not. In panic the chain holds whom the policy calls although nobody is available. */
export interface FallbackChain {
  chain: { name: string; status: ProviderStatusName; reason: AvailabilityReason }[];
  excluded: { name: string; reason: AvailabilityReason }[];
  /** Nobody is available. */
  panic: boolean;
  /** Changes with each change of the status of one of them. */
  version: number;
}

/** The first healthy provider, else the first available, else whom the panic policy names. */
export interface HealthyProvider {
  name: string;
  status: ProviderStatusName;
  /** Nobody is available. */
  panic: boolean;
}
