import { addScrapedGauge, ProcessMetrics } from '@gatehouse/service-bootstrap';
import { Injectable } from '@nestjs/common';
import { Registry } from 'prom-client';
import { SweepRepository } from './sweep.repository.js';

/** How far the sweep is, and when it last went through everything. Left out while PostgreSQL is away. */
@Injectable()
export class SweepMetrics {
  readonly registry = new Registry();

  constructor(
    metrics: ProcessMetrics,
    private readonly sweep: SweepRepository,
  ) {
    this.addGauge('swept_events', 'Events that were compared since the sweep began anew', () =>
      this.sweep.next(),
    );
    this.addGauge('last_sweep_timestamp_seconds', 'When all events had been compared last', async () => {
      const time = await this.sweep.lastFinishedAt();
      return time === null ? undefined : time.getTime() / 1_000;
    });
    metrics.serve(this.registry);
  }

  private addGauge(name: string, help: string, read: () => Promise<number | undefined>): void {
    addScrapedGauge(this.registry, { name: `gatehouse_audit_log_${name}`, help }, read);
  }
}
