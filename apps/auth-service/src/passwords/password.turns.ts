import { Injectable } from '@nestjs/common';
import { HashingQueue, type Patience } from './hashing.queue.js';

/** Of an account that has a password waiting; all of them together are bounded by `PasswordPlaces`. */
const LIMITS = { concurrency: 1, maxWaiting: Infinity, maxWaitMs: 2_000 };

/**
 * Checks the passwords of one account one after another. An attempt is counted before its password is looked at and given
 * back when it is right: many right ones at once would refuse each other. And no account has more than one core at its
 * password, whoever tries it.
 */
@Injectable()
export class PasswordTurns {
  private readonly queues = new Map<string, HashingQueue>();

  /**
   * @param key of the account
   * @throws OverloadedError (503), RequestAbandonedError
   */
  async run<T>(key: string, task: () => Promise<T>, patience?: Patience): Promise<T> {
    const queue = this.queues.get(key) ?? new HashingQueue(LIMITS);
    this.queues.set(key, queue);
    try {
      return await queue.run(task, patience);
    } finally {
      if (queue.isIdle) this.queues.delete(key);
    }
  }
}
