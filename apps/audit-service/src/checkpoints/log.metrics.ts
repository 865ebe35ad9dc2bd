import { addScrapedGauge, ProcessMetrics } from '@gatehouse/service-bootstrap';
import { Injectable } from '@nestjs/common';
import { Gauge, Registry } from 'prom-client';
import { FindingsRecorder } from '../findings/findings.recorder.js';
import { LogReader } from '../log/log.reader.js';
import { CheckpointBoard } from './checkpoint.board.js';

/** What operators watch of the log: the same from every replica. While PostgreSQL is away, these lines are left out. */
@Injectable()
export class LogMetrics {
  readonly registry = new Registry();

  constructor(
    metrics: ProcessMetrics,
    private readonly log: LogReader,
    private readonly board: CheckpointBoard,
    private readonly findings: FindingsRecorder,
  ) {
    this.addGauge('size', 'Events in the log', async () => (await this.log.head()).size);
    this.addGauge('signed_size', 'Events in the last signed checkpoint', async () => {
      return (await this.board.last())?.size;
    });
    this.addGauge('unsigned_seconds', 'How long there have been events that no checkpoint holds', () =>
      this.unsignedSeconds(),
    );
    this.addFindings();
    metrics.serve(this.registry);
  }

  private async unsignedSeconds(): Promise<number | undefined> {
    const [last, { size }] = [await this.board.last(), await this.log.head()];
    if (last === undefined || last.size === size) return last && 0;
    return Math.max(0, (Date.now() - last.signedAt.getTime()) / 1_000);
  }

  private addGauge(name: string, help: string, read: () => Promise<number | undefined>): void {
    addScrapedGauge(this.registry, { name: `gatehouse_audit_log_${name}`, help }, read);
  }

  private addFindings(): void {
    const gauge: Gauge<'source'> = new Gauge({
      name: 'gatehouse_audit_log_findings',
      help: '1 for each who found that something is wrong with the log: signer, sweep',
      labelNames: ['source'] as const,
      registers: [this.registry],
      collect: async () => {
        gauge.reset();
        for (const { source } of await this.findings.list().catch(() => [])) gauge.set({ source }, 1);
      },
    });
  }
}
