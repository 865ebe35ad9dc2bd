import { Injectable } from '@nestjs/common';
import { PasswordHasher } from './password.hasher.js';
import { OverloadedError } from './passwords.errors.js';

/**
 * Room for those who want a password checked, from their arrival until their answer: as many as hashes may be at work and wait.
 * One more is refused before anything is done for it, neither on Redis nor in PostgreSQL: however many come, what they
 * take of the process is bounded, and a refusal tells nothing of an account.
 */
@Injectable()
export class PasswordPlaces {
  private free: number;

  constructor(private readonly hasher: PasswordHasher) {
    const { concurrency, maxWaiting } = hasher.limits;
    this.free = concurrency + maxWaiting;
  }

  /**
   * @param task is told by when its password should be looked at, by `performance.now()`
   * @throws OverloadedError (503) when there is no room
   */
  async hold<T>(task: (until: number) => Promise<T>): Promise<T> {
    if (this.free === 0) throw new OverloadedError();
    this.free--;
    try {
      return await task(performance.now() + this.hasher.limits.maxWaitMs);
    } finally {
      this.free++;
    }
  }
}
