import { Injectable } from '@nestjs/common';
import { ProcessMetrics } from '@gatehouse/service-bootstrap';
import { Gauge, Registry } from 'prom-client';

/** What operators watch while they replace secrets of `ENCRYPTION_KEY`. */
@Injectable()
export class UnreadableKeysMetrics {
  readonly registry = new Registry();
  private readonly unreadable = new Gauge({
    name: 'gatehouse_provider_keys_unreadable',
    help: 'API keys of providers that this process cannot open with the secrets of ENCRYPTION_KEY; alert above 0',
    registers: [this.registry],
  });

  constructor(metrics: ProcessMetrics) {
    metrics.serve(this.registry);
  }

  set(count: number): void {
    this.unreadable.set(count);
  }
}
