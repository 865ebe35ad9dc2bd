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
