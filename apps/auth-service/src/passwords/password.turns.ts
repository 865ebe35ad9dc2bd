import { Injectable } from '@nestjs/common';
import { HashingQueue } from './hashing.queue.js';
import { OverloadedError } from './passwords.errors.js';

const MAX_WAITING = 1_024;
const MAX_WAIT_MS = 5_000;

/**
 * Checks the passwords of one account one after another. An attempt is counted before its password is looked at and given
 * back when it is right: many right ones at once would refuse each other. And no account has more than one core at its
 * password, whoever tries it.
 */
@Injectable()
export class PasswordTurns {
  private readonly queues = new Map<string, HashingQueue>();
  private waiting = 0;

  /**
   * @param key of the account
   * @throws OverloadedError (503), RequestAbandonedError
   */
  async run<T>(key: string, task: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    if (this.waiting >= MAX_WAITING) throw new OverloadedError();
    const queue = this.queues.get(key) ?? this.newQueue(key);
    this.waiting++;
    let begun = false;
    const begin = () => {
      begun = true;
      this.waiting--;
    };
    try {
      return await queue.run(() => (begin(), task()), signal);
    } finally {
      if (!begun) this.waiting--;
      if (queue.isIdle) this.queues.delete(key);
    }
  }

  private newQueue(key: string): HashingQueue {
    const queue = new HashingQueue({ concurrency: 1, maxWaiting: MAX_WAITING, maxWaitMs: MAX_WAIT_MS });
    this.queues.set(key, queue);
    return queue;
  }
}
