import { DomainError } from '@gatehouse/problem-details';

/** 403 `wrong-password`: the caller is known, but the current password that it gives is not its own. */
export class WrongPasswordError extends DomainError {
  constructor() {
    super({ type: 'wrong-password', status: 403, title: 'The current password is wrong' });
  }
}

/** 400 `invalid-reset-token`: none of ours, used, replaced by a newer one, or expired. */
export class InvalidResetTokenError extends DomainError {
  constructor() {
    super({ type: 'invalid-reset-token', status: 400, title: 'The password reset token is not valid' });
  }
}
