import { DomainError } from '@gatehouse/problem-details';

/** 409 `too-many-api-keys`: one has to be deleted first. */
export class TooManyApiKeysError extends DomainError {
  constructor(most: number) {
    super({
      type: 'too-many-api-keys',
      status: 409,
      title: 'You have as many API keys as you may have',
      detail: `No more than ${most} that have not expired: delete one first`,
    });
  }
}
