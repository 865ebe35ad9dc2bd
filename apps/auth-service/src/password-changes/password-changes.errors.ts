import { DomainError } from '@gatehouse/problem-details';

/** 403 `wrong-password`: the caller is known, but the current password that it gives is not its own. */
export class WrongPasswordError extends DomainError {
  constructor() {
    super({ type: 'wrong-password', status: 403, title: 'The current password is wrong' });
  }
}
