import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { DatabaseConnection } from '@gatehouse/database';
import { OutcomeAggregator } from './outcome.aggregator.js';
import { StatisticsMetrics } from './statistics.metrics.js';

/** Outcomes of this time are counted together; they show so much later at most, on every replica. */
const PAUSE_MS = 400;

/** Has outcomes counted for as long as the service runs. Every replica tries, and one at a time does it. */
@Injectable()
export class OutcomesConsumer implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(OutcomesConsumer.name);
  private readonly stopping = new AbortController();
  private work: Promise<void> = Promise.resolve();
  private failing = false;
  private lost = 0;

  constructor(
    private readonly database: DatabaseConnection,
    private readonly recorder: OutcomeAggregator,
    private readonly metrics: StatisticsMetrics,
  ) {}

  onApplicationBootstrap(): void {
    this.work = this.run();
  }

  /** Finishes the batch in hand; the rest stays in the stream. */
  async onModuleDestroy(): Promise<void> {
    this.stopping.abort();
    await this.work;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    await this.database.whenReady().catch(() => {});
    while (!signal.aborted) {
      const more = await this.step();
      if (!more) await sleep(PAUSE_MS, undefined, { signal }).catch(() => {});
    }
  }

  /** @returns whether there is more to count at once */
  private async step(): Promise<boolean> {
    try {
      const recorded = await this.recorder.recordHead();
      this.failing = false;
      if (recorded === undefined) return false;
      this.metrics.counted(recorded.outcomes);
      this.sayLost(recorded.lost);
      return recorded.more;
    } catch (error) {
      if (!this.failing && !this.stopping.signal.aborted)
        this.logger.warn({ err: error }, 'Outcomes wait in the stream to be counted, trying again');
      this.failing = true;
      return false;
    }
  }

  private sayLost(lost: number): void {
    if (lost > this.lost)
      this.logger.error(
        `The stream of outcomes was full: ${lost} reports left it before they were counted; statistics lack them`,
      );
    this.lost = lost;
  }
}
