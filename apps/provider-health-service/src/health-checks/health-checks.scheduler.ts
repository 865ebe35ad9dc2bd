import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { HealthCheckDispatcher } from './health-check.dispatcher.js';

const EVERY_MS = 250;

/** Looks for checks that are due, a few times a second; which are is told by Redis. */
@Injectable()
export class HealthChecksScheduler implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(HealthChecksScheduler.name);
  private readonly stopping = new AbortController();
  private work: Promise<void> = Promise.resolve();

  constructor(private readonly dispatcher: HealthCheckDispatcher) {}

  onApplicationBootstrap(): void {
    this.work = this.run();
  }

  async onModuleDestroy(): Promise<void> {
    this.stopping.abort();
    await this.work;
    await this.dispatcher.drained();
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    let failed = false;
    while (!signal.aborted) {
      try {
        await this.dispatcher.dispatch(signal);
        failed = false;
      } catch (error) {
        if (!failed) this.logger.warn({ err: error }, 'No health checks while Redis is away');
        failed = true;
      }
      await sleep(EVERY_MS, undefined, { signal }).catch(() => {});
    }
  }
}
