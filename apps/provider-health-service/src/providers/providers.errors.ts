import { DomainError } from '@gatehouse/problem-details';

/** 409 `provider-exists`: there is a provider with this name. */
export class ProviderExistsError extends DomainError {
  constructor(name: string) {
    super({
      type: 'provider-exists',
      status: 409,
      title: 'There is a provider with this name',
      detail: name,
    });
  }
}

/** 404 `unknown-provider`: `detail` names the first that is not there. */
export class UnknownProviderError extends DomainError {
  constructor(name: string) {
    super({ type: 'unknown-provider', status: 404, title: 'There is no such provider', detail: name });
  }
}

/** 409 `no-health-check`: the provider is not set up to be checked. */
export class NoHealthCheckError extends DomainError {
  constructor(name: string) {
    super({ type: 'no-health-check', status: 409, title: 'The provider has no health check', detail: name });
  }
}
