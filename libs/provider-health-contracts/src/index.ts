export { type EventStreamEvent, EventStreamQuery } from './event-stream.js';
export {
  CHAIN_STRATEGIES,
  ChainStrategy,
  FallbackChainQuery,
  type FallbackChain,
  type HealthyProvider,
  HealthyProviderQuery,
  PANIC_POLICIES,
  PanicPolicy,
} from './fallback-chain.js';
export type { ProviderIncident } from './incident.js';
export {
  FailureBody,
  MOST_OUTCOMES,
  type OutcomeResult,
  type OutcomesAnswer,
  OutcomesBody,
  ProviderOutcome,
  RecordOutcomes,
  SuccessBody,
} from './outcome.js';
export {
  HealthCheck,
  type HealthCheckAnswer,
  type HealthCheckResult,
  HealthCheckSchedule,
  ScheduleHealthChecks,
  type ToldHealthCheck,
} from './health-check.js';
export { MarkBody, OverrideBody, type ProviderOverride } from './override.js';
export type { ProbePermit } from './probe-permit.js';
export { HistoryQuery, ListProvidersQuery, type Page } from './provider-queries.js';
export {
  AskProvider,
  AskResponseTimes,
  AskSnapshot,
  MarkProvider,
  type ProviderRequests,
  releaseContext,
  type ReleasedProviderKey,
  UseProviderKey,
} from './provider-requests.js';
export type {
  HealthSnapshot,
  ProviderBroadcasts,
  ProviderSnapshot,
  ResponseTimesAnswer,
  SnapshotAnswer,
} from './provider-snapshot.js';
export {
  type AvailabilityReason,
  FAILURE_CLASSES,
  FailureClass,
  type ProviderEvents,
  type ProviderStatus,
  type ResponseTimes,
  STATUS_CHANGED,
  type StatusChange,
  type StatusRule,
} from './provider-status.js';
export {
  CreateProviderBody,
  DEFAULT_HEALTH_POLICY,
  FailureRatePolicy,
  HealthPolicy,
  HealthPolicyChange,
  type ProviderAnswer,
  ProviderApiKey,
  type ProviderKeyAnswer,
  UpdateProviderBody,
} from './provider.js';
export { ProviderName, ProviderNames, RESERVED_PROVIDER_NAMES } from './provider-name.js';
export { PROVIDER_STATUSES, ProviderStatusName } from './status-name.js';
export {
  AllStatisticsQuery,
  AskStatistics,
  type ProviderStatistics,
  type ResponseTimePercentiles,
  STATISTICS_WINDOWS,
  StatisticsQuery,
  StatisticsWindow,
} from './statistics.js';
export {
  CreateWebhookBody,
  type CreatedWebhook,
  DELIVERY_STATUSES,
  DeliveryStatus,
  ListDeliveriesQuery,
  ListWebhooksQuery,
  type RotatedWebhookSecret,
  UpdateWebhookBody,
  WEBHOOK_EVENTS,
  type WebhookAnswer,
  type WebhookDelivery,
  WebhookEvent,
  WebhookId,
  type WebhookPayload,
} from './webhook.js';
