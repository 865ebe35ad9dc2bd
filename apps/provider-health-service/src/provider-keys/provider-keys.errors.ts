import { DomainError } from '@gatehouse/problem-details';

/** 503 `provider-key-unreadable`: the provider's API key cannot be opened with the secrets of `ENCRYPTION_KEY`. */
export class ProviderKeyUnreadableError extends DomainError {
  constructor(cause: unknown) {
    super({
      type: 'provider-key-unreadable',
      status: 503,
      title: 'The API key of the provider cannot be opened',
      cause,
    });
  }
}

/** 404 `no-provider-key`: there is no such provider, or it has no API key; `detail` names it. */
export class NoProviderKeyError extends DomainError {
  constructor(name: string) {
    super({
      type: 'no-provider-key',
      status: 404,
      title: 'There is no API key of this provider',
      detail: name,
    });
  }
}

/** 403 `not-a-service`: only services get what they asked for, whatever the caller may do. */
export class NotAServiceError extends DomainError {
  constructor() {
    super({ type: 'not-a-service', status: 403, title: 'Only a service gets this' });
  }
}
