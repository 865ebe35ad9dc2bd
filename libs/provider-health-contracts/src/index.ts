export {
  FallbackChainQuery,
  type FallbackChain,
  type HealthyProvider,
  HealthyProviderQuery,
} from './fallback-chain.js';
export { HistoryQuery, ListProvidersQuery, type Page } from './provider-queries.js';
export {
  type AvailabilityReason,
  FAILURE_CLASSES,
  FailureBody,
  FailureClass,
  PROVIDER_STATUSES,
  type ProviderEvents,
  type ProviderStatus,
  ProviderStatusName,
  STATUS_CHANGED,
  type StatusChange,
  SuccessBody,
} from './provider-status.js';
export {
  CreateProviderBody,
  DEFAULT_HEALTH_POLICY,
  HealthPolicy,
  type ProviderAnswer,
  ProviderName,
  ProviderNames,
  RESERVED_PROVIDER_NAMES,
} from './provider.js';
