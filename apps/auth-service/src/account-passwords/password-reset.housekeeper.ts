import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { isDatabaseUnavailable } from '@gatehouse/database';
import { inBatches } from '../sessions/in-batches.js';
import { PasswordRepository } from './password.repository.js';

const EVERY_MS = 10 * 60_000;
const AT_ONCE = 500;

/** Clears reset tokens that nobody redeemed: nothing is kept of what is of no use. */
@Injectable()
export class PasswordResetHousekeeper implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(PasswordResetHousekeeper.name);
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly passwords: PasswordRepository) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.tidy(), EVERY_MS).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** One run; an error is logged, and the next comes all the same. */
  async tidy(): Promise<void> {
    try {
      await inBatches(AT_ONCE, (most) => this.passwords.clearExpiredResets(most));
    } catch (error) {
      if (!isDatabaseUnavailable(error))
        this.logger.error({ err: error }, 'Could not clear expired reset tokens');
    }
  }
}
