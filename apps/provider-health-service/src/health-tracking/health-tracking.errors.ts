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
