import { DomainError } from '@gatehouse/problem-details';

/** 409 `no-permit`: the provider is not to be called now, or others are trying it. */
export class NoPermitError extends DomainError {
  constructor(name: string, waitMs: number) {
    super({
      type: 'no-permit',
      status: 409,
      title: 'The provider may not be called now',
      detail: name,
      retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)),
    });
  }
}
