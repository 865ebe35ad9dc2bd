import { DomainError } from '@gatehouse/problem-details';

/** 409 `shared-secret`: the key is `JWT_SECRET_KEY`, which only the operator can replace, on every service at once. */
export class SharedSecretError extends DomainError {
  constructor() {
    super({
      type: 'shared-secret',
      status: 409,
      title: 'The key is a secret of the configuration',
      detail: 'Replace JWT_SECRET_KEY on every service',
    });
  }
}
