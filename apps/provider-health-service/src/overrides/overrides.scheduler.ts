import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { isDatabaseUnavailable } from '@gatehouse/database';
import { isRedisUnavailable } from '@gatehouse/redis';
import { OverrideManager } from './override.manager.js';

const EVERY_MS = 500;

/** Ends overrides whose time has come also when nobody asks. Every replica does: to end one that has ended changes nothing. */
@Injectable()
export class OverridesScheduler implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(OverridesScheduler.name);
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(private readonly overrides: OverrideManager) {}

  onApplicationBootstrap(): void {
    this.timer = setTimeout(() => {
      this.running = this.run();
    }, EVERY_MS).unref();
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.running;
  }

  private async run(): Promise<void> {
    try {
      await this.overrides.endOverdue();
    } catch (error) {
      // Each of them says by itself that it is away and back.
      if (!isRedisUnavailable(error) && !isDatabaseUnavailable(error))
        this.logger.error({ err: error }, 'An override could not be ended');
    }
    if (!this.stopped) this.onApplicationBootstrap();
  }
}
