/** Injects the `ProviderClientOptions` of the application. */
export const PROVIDER_CLIENT_OPTIONS = Symbol('PROVIDER_CLIENT_OPTIONS');

/** Injects the `OpenProviderClient` of the application. */
export const OPEN_PROVIDER_CLIENT = Symbol('OPEN_PROVIDER_CLIENT');
