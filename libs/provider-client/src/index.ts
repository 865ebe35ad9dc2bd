export { classifyError } from './classification/classify-error.js';
export type { Classify, ProviderFailure } from './classification/provider-failure.js';
export { ProviderResponseError } from './classification/provider-response.error.js';
export { ChainExecutor } from './execution/chain.executor.js';
export type { Clock } from './execution/clock.js';
export {
  AllProvidersFailedError,
  StreamCutError,
  type WhyNobodyServed,
} from './execution/execution.errors.js';
export type {
  Attempt,
  CallContext,
  ChainOf,
  Excluded,
  ExecuteOptions,
  Execution,
  ExecutionReport,
  ProviderCall,
  StreamOptions,
} from './execution/execution-options.js';
export type { Streamable } from './execution/provider-call.js';
export { SystemClock } from './execution/system.clock.js';
export { terminator } from './execution/terminator.js';
export type {
  Answered,
  ChosenProvider,
  ProviderAvailability,
  ProviderHealthiness,
  ReadFallbackChain,
} from './health-answers.js';
export type { Age } from './known-providers/provider-view.js';
export {
  NoPermitError,
  NoProviderAvailableError,
  ProviderKeyUnavailableError,
  ProvidersUnknownError,
  UnknownProviderError,
} from './provider-client.errors.js';
export { ProviderClientMetrics } from './provider-client.metrics.js';
export { type ProviderClientAsyncOptions, ProviderClientModule } from './provider-client.module.js';
export { type OpenProviderClient, openProviderClient } from './provider-client.opener.js';
export type { ProviderClientLimits, ProviderClientOptions } from './provider-client-options.js';
export { type ChainRequest, type MarkDetails, ProviderHealthClient } from './provider-health.client.js';
export { ProviderKeyClient } from './provider-keys/provider-key.client.js';
export { KeyOriginError, ProviderKey } from './provider-keys/provider-key.js';
export type { ProviderReading, ProviderSource, ReadProvider } from './provider-source.js';
