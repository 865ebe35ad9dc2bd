import { DomainError } from '@gatehouse/problem-details';

/** 409 `email-taken`: there is an account with this email. */
export class EmailTakenError extends DomainError {
  constructor() {
    super({ type: 'email-taken', status: 409, title: 'There is an account with this email' });
  }
}

/** 403 `registration-closed`: accounts are made by an admin only. */
export class RegistrationClosedError extends DomainError {
  constructor() {
    super({ type: 'registration-closed', status: 403, title: 'Registration is closed' });
  }
}

/** 401 `invalid-credentials`: the same for a wrong password, an unknown account and a disabled one. */
export class InvalidCredentialsError extends DomainError {
  /** @param headers of the answer, e.g. how many attempts are left */
  constructor(headers?: Record<string, string>) {
    super({ type: 'invalid-credentials', status: 401, title: 'Wrong email or password', headers });
  }
}
