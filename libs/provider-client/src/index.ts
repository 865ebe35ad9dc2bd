export {
  NoPermitError,
  NoProviderAvailableError,
  ProvidersUnknownError,
  UnknownProviderError,
} from './provider-client.errors.js';
export type { ProviderReading, ProviderSource, ReadProvider } from './provider-source.js';
