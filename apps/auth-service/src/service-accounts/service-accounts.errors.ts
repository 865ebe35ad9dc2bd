import { DomainError } from '@gatehouse/problem-details';

/** 409 `service-account-name-taken`: there is one with this name, or it is kept for a service of the suite. */
export class ServiceAccountNameTakenError extends DomainError {
  constructor() {
    super({
      type: 'service-account-name-taken',
      status: 409,
      title: 'There is a service account with this name',
    });
  }
}

/** 409 `built-in-service-account`: it comes from the configuration and is changed there. */
export class BuiltInServiceAccountError extends DomainError {
  constructor() {
    super({
      type: 'built-in-service-account',
      status: 409,
      title: "The suite's own service accounts come from the configuration and are changed there",
    });
  }
}
