import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { PasswordHasher } from '../passwords/password.hasher.js';
import type { Account } from './account.entity.js';
import { AccountRepository } from './account.repository.js';

/** Hashes again, after a login, a password whose hash is of another algorithm or cost than new ones; nobody waits for it. */
@Injectable()
export class PasswordRehasher implements BeforeApplicationShutdown {
  private readonly logger = new Logger(PasswordRehasher.name);
  private underWay?: Promise<void>;

  constructor(
    private readonly accounts: AccountRepository,
    private readonly passwords: PasswordHasher,
  ) {}

  /** One at a time, and only where it keeps nobody waiting: the next login is another chance. */
  afterLogin({ id, passwordHash }: Account, password: string): void {
    if (!this.passwords.isOutdated(passwordHash) || this.underWay !== undefined || !this.passwords.hasRoom)
      return;
    this.underWay = this.rehash(id, passwordHash, password)
      .catch((error: unknown) => this.logger.warn({ err: error }, `Account ${id} keeps its old hash for now`))
      .finally(() => (this.underWay = undefined));
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.underWay;
  }

  private async rehash(id: string, outdated: string, password: string): Promise<void> {
    const hash = await this.passwords.hash(password);
    // Whoever has changed the password meanwhile has the say.
    await this.accounts.replacePasswordHash(id, outdated, hash);
  }
}
