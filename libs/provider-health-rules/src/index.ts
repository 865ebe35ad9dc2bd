export { type Candidate, firstHealthy, priorityChain } from './fallback-chain.js';
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
