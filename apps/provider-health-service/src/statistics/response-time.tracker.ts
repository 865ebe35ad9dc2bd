import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseConnection, isDatabaseUnavailable } from '@gatehouse/database';
import type { ResponseTimePercentiles } from '@gatehouse/provider-health-contracts';
import { RollupRepository } from './rollup.repository.js';
import { percentilesOf } from './summary.js';
import { partRanges, windowStart } from './window-parts.js';

const EVERY_MS = 3_000;
/** What could not be read again for so long is said no longer. */
const STALE_MS = 5 * 60_000;

/** Response times of the last five minutes, at hand in the process: read again every few seconds, never when asked. */
@Injectable()
export class ResponseTimeTracker implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(ResponseTimeTracker.name);
  private readonly stopping = new AbortController();
  private times: ReadonlyMap<string, ResponseTimePercentiles> = new Map();
  private readAt = -Infinity;
  private work: Promise<void> = Promise.resolve();

  constructor(
    private readonly database: DatabaseConnection,
    private readonly rollups: RollupRepository,
  ) {}

  onApplicationBootstrap(): void {
    this.work = this.run();
  }

  async onModuleDestroy(): Promise<void> {
    this.stopping.abort();
    await this.work;
  }

  /** Of the successes of the last five minutes, ms; undefined when there were none. */
  of(provider: string): ResponseTimePercentiles | undefined {
    return this.all().get(provider);
  }

  /** Of every provider with successes in the last five minutes. */
  all(): ReadonlyMap<string, ResponseTimePercentiles> {
    return performance.now() - this.readAt > STALE_MS ? new Map() : this.times;
  }

  /** Reads them anew; they stay as they are when that cannot be. */
  async refresh(): Promise<void> {
    const now = await this.rollups.now();
    const sums = await this.rollups.sum('all', partRanges(windowStart('5m', now), now));
    this.times = new Map(
      [...sums].flatMap(([provider, { responseTimes }]) => {
        const percentiles = percentilesOf(responseTimes);
        return percentiles === null ? [] : [[provider, percentiles] as const];
      }),
    );
    this.readAt = performance.now();
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    await this.database.whenReady().catch(() => {});
    while (!signal.aborted) {
      await this.refresh().catch((error: unknown) => {
        if (!isDatabaseUnavailable(error) && !signal.aborted)
          this.logger.error({ err: error }, 'Could not read response times');
      });
      await sleep(EVERY_MS, undefined, { signal }).catch(() => {});
    }
  }
}
