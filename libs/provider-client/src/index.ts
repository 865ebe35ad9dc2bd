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
  ProvidersUnknownError,
  UnknownProviderError,
} from './provider-client.errors.js';
export { ProviderClientMetrics } from './provider-client.metrics.js';
export { type ProviderClientAsyncOptions, ProviderClientModule } from './provider-client.module.js';
export { type OpenProviderClient, openProviderClient } from './provider-client.opener.js';
export type { ProviderClientLimits, ProviderClientOptions } from './provider-client-options.js';
export { type ChainRequest, type MarkDetails, ProviderHealthClient } from './provider-health.client.js';
export type { ProviderReading, ProviderSource, ReadProvider } from './provider-source.js';
