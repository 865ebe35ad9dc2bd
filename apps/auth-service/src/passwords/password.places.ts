import { Injectable, Logger } from '@nestjs/common';
import { PasswordHasher } from './password.hasher.js';
import { OverloadedError } from './passwords.errors.js';

const TELL_EVERY_MS = 10_000;

/**
 * Room for those who want a password checked, from their arrival until their answer: as many as hashes may be at work and wait.
 * One more is refused before anything is done for it, neither on Redis nor in PostgreSQL: however many come, what they
 * take of the process is bounded, and a refusal tells nothing of an account.
 */
@Injectable()
export class PasswordPlaces {
  private readonly logger = new Logger(PasswordPlaces.name);
  private free: number;
  /** Since it was told last. */
  private refused = 0;
  private toldAt = -Infinity;

  constructor(private readonly hasher: PasswordHasher) {
    const { concurrency, maxWaiting } = hasher.limits;
    this.free = concurrency + maxWaiting;
  }

  /**
   * @param task is told by when its password should be looked at, by `performance.now()`
   * @throws OverloadedError (503) when there is no room
   */
  async hold<T>(task: (until: number) => Promise<T>): Promise<T> {
    try {
      return await this.inPlace(task);
    } catch (error) {
      if (error instanceof OverloadedError) this.tell();
      throw error;
    }
  }

  /**
   * For whoever is about to want a place.
   *
   * @throws OverloadedError (503) when there is none
   */
  demandRoom(): void {
    if (this.free > 0) return;
    this.tell();
    throw new OverloadedError();
  }

  private async inPlace<T>(task: (until: number) => Promise<T>): Promise<T> {
    if (this.free === 0) throw new OverloadedError();
    this.free--;
    try {
      return await task(performance.now() + this.hasher.limits.maxWaitMs);
    } finally {
      this.free++;
    }
  }

  /** In a line now and then: a line for each would be work that grows with the flood. */
  private tell(): void {
    this.refused++;
    const now = performance.now();
    if (now - this.toldAt < TELL_EVERY_MS) return;
    this.logger.warn(
      { refused: this.refused },
      'More sign-ins at once than passwords can be checked: some were refused',
    );
    this.refused = 0;
    this.toldAt = now;
  }
}
