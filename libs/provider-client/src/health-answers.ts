import type {
  AvailabilityReason,
  FallbackChain,
  HealthyProvider,
  ProviderStatusName,
} from '@gatehouse/provider-health-contracts';
import type { Age } from './known-providers/provider-view.js';

/** Of which version of the status an answer is, and how old its facts are. */
export interface Answered extends Age {
  /** Grows by one with each change of the status. */
  version: number;
}

/** `healthy` is the answer; the object itself is always truthy. */
export interface ProviderHealthiness extends Answered {
  healthy: boolean;
  status: ProviderStatusName;
}

/** `available` is the answer; the object itself is always truthy. */
export interface ProviderAvailability extends Answered {
  available: boolean;
  reason: AvailabilityReason;
}

/** The first healthy one, else the first available. */
export type ChosenProvider = HealthyProvider & Answered;

/** Whom to call, in this order, and whom not. */
export type ReadFallbackChain = FallbackChain & Age;
