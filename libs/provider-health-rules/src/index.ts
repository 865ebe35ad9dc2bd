export { availableAt } from './available-at.js';
export { type ChainOptions, fallbackChain, firstHealthy } from './fallback-chain.js';
export { countCall, failureShare, type RateWindow } from './failure-rate.js';
export { markKeyReadable, markMisconfigured, markProvider } from './mark.js';
export { type Outcome, recordOutcome } from './outcome-recording.js';
export { liftOverride, type Override, putOverride, settleOverride } from './override.js';
export { acquirePermit, PERMIT_LEASE_MS, type PermitAnswer } from './probe-permit.js';
export {
  availability,
  DEFAULT_RETRY_AFTER_MS,
  isOverridden,
  NEW_PROVIDER,
  type ProviderHealth,
} from './provider-health.js';
export { retryAfterMs } from './retry-after.js';
export type { Step, Transition } from './status-change.js';
export type { Candidate } from './strategies/candidate.js';
export type { ProviderLoad } from './strategies/least-latency-order.js';
export { expectedMs, observe, type PeakEwma } from './strategies/peak-ewma.js';
