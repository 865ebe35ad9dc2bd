import { Injectable } from '@nestjs/common';
import { addScrapedGauge, ProcessMetrics } from '@gatehouse/service-bootstrap';
import { Counter, Registry } from 'prom-client';
import { type DeliveryBacklog, WebhookDeliveryRepository } from './webhook-delivery.repository.js';

/** What operators watch. While PostgreSQL is away, the gauges that ask it are left out. */
@Injectable()
export class WebhooksMetrics {
  readonly registry = new Registry();
  private readonly registers = [this.registry];
  private readonly deliveries = new Counter({
    name: 'gatehouse_webhook_deliveries_total',
    help: 'Deliveries that ended: delivered, or failed with the last attempt; the sum over the processes of the service',
    labelNames: ['outcome'] as const,
    registers: this.registers,
  });
  private reading: Promise<DeliveryBacklog | undefined> | undefined;

  constructor(
    metrics: ProcessMetrics,
    private readonly repository: WebhookDeliveryRepository,
  ) {
    this.addGauge(
      'gatehouse_webhook_deliveries_pending',
      'Deliveries that are still to be made, in the whole fleet',
      ({ pending }) => pending,
    );
    this.addGauge(
      'gatehouse_webhook_deliveries_oldest_age_seconds',
      'Age of the oldest delivery that is still to be made',
      ({ oldestAgeSeconds }) => oldestAgeSeconds,
    );
    // So that what never happened is 0, and not missing.
    for (const outcome of ['delivered', 'failed']) this.deliveries.inc({ outcome }, 0);
    metrics.serve(this.registry);
  }

  ended(outcome: 'delivered' | 'failed'): void {
    this.deliveries.inc({ outcome });
  }

  private addGauge(name: string, help: string, value: (backlog: DeliveryBacklog) => number): void {
    addScrapedGauge(this.registry, { name, help }, async () => {
      const backlog = await this.read();
      return backlog && value(backlog);
    });
  }

  /** Both gauges ask for the same at a scrape: PostgreSQL is asked once. */
  private read(): Promise<DeliveryBacklog | undefined> {
    this.reading ??= this.repository
      .backlog()
      .catch(() => undefined)
      .finally(() => (this.reading = undefined));
    return this.reading;
  }
}
