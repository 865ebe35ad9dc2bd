import { z } from 'zod';
import { ProviderName, ProviderNames } from './provider.js';
import type { AvailabilityReason } from './provider-status.js';
import type { ProviderStatusName } from './status-name.js';

export const FallbackChainQuery = z.strictObject({
  primary: ProviderName,
  fallbacks: ProviderNames.optional(),
  strategy: z.enum(['priority']).default('priority'),
});
export type FallbackChainQuery = z.infer<typeof FallbackChainQuery>;

export const HealthyProviderQuery = z.strictObject({ among: ProviderNames });
export type HealthyProviderQuery = z.infer<typeof HealthyProviderQuery>;

/** Whom to call, in this order, and whom not. */
export interface FallbackChain {
  chain: { name: string; status: ProviderStatusName; reason: AvailabilityReason }[];
  excluded: { name: string; reason: AvailabilityReason }[];
  /** Nobody is available. */
  panic: boolean;
  /** Changes with each change of the status of one of them. */
  version: number;
}

/** The first healthy provider, else the first available. */
export interface HealthyProvider {
  name: string;
  status: ProviderStatusName;
  panic: boolean;
}
