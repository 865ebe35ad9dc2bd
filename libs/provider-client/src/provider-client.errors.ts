import { DomainError } from '@gatehouse/problem-details';
import type { AvailabilityReason } from '@gatehouse/provider-health-contracts';

/** 503 `providers-unknown`: the providers have not been loaded yet. Await `whenReady()` at the start, or come again. */
export class ProvidersUnknownError extends DomainError {
  constructor() {
    super({
      type: 'providers-unknown',
      status: 503,
      title: 'The health of the providers is not known yet',
      retryAfterSeconds: 1,
    });
  }
}

/** 404 `unknown-provider`: provider-health-service knows none of this name. */
export class UnknownProviderError extends DomainError {
  constructor(name: string) {
    super({ type: 'unknown-provider', status: 404, title: 'There is no such provider', detail: name });
  }
}

/** 503 `no-provider-available`: `errors` says of each candidate why not. */
export class NoProviderAvailableError extends DomainError {
  constructor(candidates: readonly { name: string; reason: AvailabilityReason }[]) {
    super({
      type: 'no-provider-available',
      status: 503,
      title: 'No provider is available',
      errors: candidates.map(({ name, reason }) => ({ path: name, message: reason })),
      retryAfterSeconds: 5,
    });
  }
}

/**
 * 503 `provider-key-unavailable`: the API key of the provider is not to be had; `cause` says why. In `execute` it counts
 * for nothing, and the next provider is asked.
 */
export class ProviderKeyUnavailableError extends DomainError {
  constructor(name: string, cause: unknown) {
    super({
      type: 'provider-key-unavailable',
      status: 503,
      title: 'The API key of the provider is not to be had',
      detail: cause instanceof DomainError ? `${name}: ${cause.type}` : name,
      cause,
    });
  }
}

/** 409 `no-permit`: the provider is half-open, and as many callers as may are trying it. Go on to the next. */
export class NoPermitError extends DomainError {
  constructor(name: string, retryAfterSeconds: number) {
    super({
      type: 'no-permit',
      status: 409,
      title: 'Others are trying this provider',
      detail: name,
      retryAfterSeconds,
    });
  }
}
