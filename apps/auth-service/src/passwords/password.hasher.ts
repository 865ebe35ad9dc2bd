import { availableParallelism, totalmem } from 'node:os';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { chooseBinding } from './argon2-binding.js';
import { AuthEnvironment } from '../auth.environment.js';
import { type Argon2Parameters, decoyHash, isOutdated } from './argon2-parameters.js';
import { hashingLimits, type HashingQueueLimits } from './hashing-limits.js';
import { HashingThreads } from './hashing.threads.js';
import { HashingQueue, type Patience } from './hashing.queue.js';

/** Hashes and checks passwords by argon2id, as many at once as cores and memory allow. */
@Injectable()
export class PasswordHasher implements OnApplicationShutdown {
  private readonly cost: Argon2Parameters;
  readonly limits: HashingQueueLimits;
  private readonly queue: HashingQueue;
  private readonly argon2: HashingThreads;
  private readonly decoy: string;

  constructor({ passwordHashCost }: AuthEnvironment) {
    this.cost = passwordHashCost;
    const { name, mostAtOnce } = chooseBinding();
    this.limits = hashingLimits({
      cores: Math.min(availableParallelism(), mostAtOnce),
      memoryBytes: memoryBytes(),
      cost: this.cost,
    });
    this.queue = new HashingQueue(this.limits);
    this.argon2 = new HashingThreads(name, this.cost);
    this.decoy = decoyHash(this.cost);
  }

  /** Whatever waits for a hash has been answered by now. */
  async onApplicationShutdown(): Promise<void> {
    await this.argon2.close();
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
   * @throws OverloadedError (503), RequestAbandonedError
   */
  async verify(hash: string | undefined, password: string, patience?: Patience): Promise<boolean> {
    const matches = await this.queue.run(() => this.argon2.verify(hash ?? this.decoy, password), patience);
    return matches && hash !== undefined;
  }
}

/** What the process may use: of its container, else of the machine. */
function memoryBytes(): number {
  const limit = process.constrainedMemory();
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}
