import { Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { isDatabaseUnavailable } from './database-failures.js';
import { inBatches } from './in-batches.js';

const EVERY_MS = 10 * 60_000;
const AT_ONCE = 500;

/**
 * A provider of Nest that removes what is over from PostgreSQL, every ten minutes and in bounded batches; replicas may do
 * so at once.
 */
export abstract class BatchedHousekeeper implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(this.constructor.name);
  private timer: NodeJS.Timeout | undefined;

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.tidy(), EVERY_MS).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** One run; an error is logged, and the next comes all the same. */
  async tidy(): Promise<void> {
    try {
      await inBatches(AT_ONCE, (most) => this.remove(most));
    } catch (error) {
      if (!isDatabaseUnavailable(error)) this.logger.error({ err: error }, 'Could not remove what is over');
    }
  }

  /** Removes so many at most, and says how many there were. */
  protected abstract remove(most: number): Promise<number>;
}
