import { Injectable } from '@nestjs/common';
import { PasswordHasher } from '../passwords/password.hasher.js';
import type { Patience } from '../passwords/hashing.queue.js';
import { PasswordPlaces } from '../passwords/password.places.js';
import { PasswordTurns } from '../passwords/password.turns.js';
import type { Account } from './account.entity.js';
import { PasswordRehasher } from './password.rehasher.js';

/** Checks the passwords of accounts. */
@Injectable()
export class PasswordVerifier {
  constructor(
    private readonly hasher: PasswordHasher,
    private readonly places: PasswordPlaces,
    private readonly turns: PasswordTurns,
    private readonly rehasher: PasswordRehasher,
  ) {}

  /** A task that wants a password checked, where there is room for one more. @throws OverloadedError (503) at once */
  admit<T>(task: (until: number) => Promise<T>): Promise<T> {
    return this.places.hold(task);
  }

  /** One task at a time for each key. @throws OverloadedError (503), RequestAbandonedError */
  inTurn<T>(key: string, task: () => Promise<T>, patience: Patience): Promise<T> {
    return this.turns.run(key, task, patience);
  }

  /**
   * Whether the password is the account's own. Takes the same work whether or not there is an account.
   *
   * @param account undefined for one that does not exist or may not sign in
   * @throws OverloadedError (503), RequestAbandonedError
   */
  async verify(account: Account | undefined, password: string, patience: Patience): Promise<boolean> {
    const matches = await this.hasher.verify(account?.passwordHash, password, patience);
    if (matches && account !== undefined) this.rehasher.afterLogin(account, password);
    return matches;
  }
}
