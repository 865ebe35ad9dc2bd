import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { Injectable } from '@nestjs/common';
import { type Argon2Binding, loadArgon2 } from './argon2-binding.js';
import { HashingQueue } from './hashing.queue.js';

const CONCURRENCY = Math.min(availableParallelism(), 4);
/** At about 20 ms a hash, what waits is worked off within two seconds. */
const MAX_WAITING = CONCURRENCY * 64;
const MAX_WAIT_MS = 2_000;

/** Hashes and checks passwords by argon2id, as many at once as there are cores. */
@Injectable()
export class PasswordHasher {
  private readonly queue = new HashingQueue({
    concurrency: CONCURRENCY,
    maxWaiting: MAX_WAITING,
    maxWaitMs: MAX_WAIT_MS,
  });
  private readonly argon2: Argon2Binding = loadArgon2();
  private decoy?: Promise<string>;

  /** @returns a PHC string, `$argon2id$v=19$m=19456,t=2,p=1$…` */
  async hash(password: string): Promise<string> {
    return this.queue.run(() => this.argon2.hash(password));
  }

  /**
   * Checks a password with the same work whether or not there is a hash to check it against, so that the time of the
   * answer does not tell which accounts exist.
   *
   * @param hash of the account; undefined for one that does not exist or may not sign in
   */
  async verify(hash: string | undefined, password: string): Promise<boolean> {
    const against = hash ?? (await this.decoyHash());
    const matches = await this.queue.run(() => this.argon2.verify(against, password));
    return matches && hash !== undefined;
  }

  /** A hash of what nobody knows, made once. */
  private decoyHash(): Promise<string> {
    this.decoy ??= this.hash(randomBytes(32).toString('base64'));
    this.decoy.catch(() => (this.decoy = undefined));
    return this.decoy;
  }
}
