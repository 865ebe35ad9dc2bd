import { DomainError } from '@gatehouse/problem-details';

/** 409 `last-admin`: without this admin nobody could administer any more. */
export class LastAdminError extends DomainError {
  constructor() {
    super({
      type: 'last-admin',
      status: 409,
      title: 'The last active admin cannot be demoted, disabled or deleted',
    });
  }
}
