import { DomainError } from '@gatehouse/problem-details';

/** 409 `provider-overridden`: an operator's word holds, which is to be lifted first. */
export class ProviderOverriddenError extends DomainError {
  constructor(name: string) {
    super({
      type: 'provider-overridden',
      status: 409,
      title: 'An override of the provider holds',
      detail: name,
    });
  }
}

/** 503 `provider-changing`: what became of the provider is not written down yet. */
export class ProviderChangingError extends DomainError {
  constructor(name: string) {
    super({
      type: 'provider-changing',
      status: 503,
      title: 'Changes of the provider are still being written down',
      detail: name,
      retryAfterSeconds: 1,
    });
  }
}
