export { availableAt } from './available-at.js';
export { type ChainOptions, fallbackChain, firstHealthy } from './fallback-chain.js';
export {
  availability,
  DEFAULT_RETRY_AFTER_MS,
  NEW_PROVIDER,
  type Outcome,
  type ProviderHealth,
  recordOutcome,
  type Transition,
} from './provider-health.js';
export { retryAfterMs } from './retry-after.js';
export type { Candidate } from './strategies/candidate.js';
export type { ProviderLoad } from './strategies/least-latency-order.js';
export { expectedMs, observe, type PeakEwma } from './strategies/peak-ewma.js';
