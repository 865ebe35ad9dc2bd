import { availableParallelism, totalmem } from 'node:os';
import { Injectable } from '@nestjs/common';
import { type Argon2Binding, loadArgon2 } from './argon2-binding.js';
import { AuthEnvironment } from '../auth.environment.js';
import { type Argon2Parameters, decoyHash, isOutdated } from './argon2-parameters.js';
import { hashingLimits } from './hashing-limits.js';
import { HashingQueue } from './hashing.queue.js';

/** Hashes and checks passwords by argon2id, as many at once as cores and memory allow. */
@Injectable()
export class PasswordHasher {
  private readonly cost: Argon2Parameters;
  private readonly queue: HashingQueue;
  private readonly argon2: Argon2Binding;
  private readonly decoy: string;

  constructor({ passwordHashCost }: AuthEnvironment) {
    this.cost = passwordHashCost;
    this.queue = new HashingQueue(hashingLimits(availableParallelism(), memoryBytes(), this.cost));
    this.argon2 = loadArgon2(this.cost);
    this.decoy = decoyHash(this.cost);
  }

  /** Whether a hash would begin at once. */
  get hasRoom(): boolean {
    return this.queue.hasRoom;
  }

  /** Whether a hash was made by another algorithm or at another cost than new ones are. */
  isOutdated(hash: string): boolean {
    return isOutdated(hash, this.cost);
  }

  /** @returns a PHC string, `$argon2id$v=19$m=19456,t=2,p=1$…` */
  async hash(password: string): Promise<string> {
    return this.queue.run(() => this.argon2.hash(password));
  }

  /**
   * Checks a password with the same work whether or not there is a hash to check it against, so that the time of the
   * answer does not tell which accounts exist.
   *
   * @param hash of the account; undefined for one that does not exist, may not sign in or has no password
   * @param signal aborted when nobody waits for the answer any more
   * @throws OverloadedError (503), RequestAbandonedError
   */
  async verify(hash: string | undefined, password: string, signal?: AbortSignal): Promise<boolean> {
    const matches = await this.queue.run(() => this.argon2.verify(hash ?? this.decoy, password), signal);
    return matches && hash !== undefined;
  }
}

/** What the process may use: of its container, else of the machine. */
function memoryBytes(): number {
  const limit = process.constrainedMemory();
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}
