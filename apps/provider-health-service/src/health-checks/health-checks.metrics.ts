import { Injectable } from '@nestjs/common';
import { HealthDetails, ProcessMetrics } from '@gatehouse/service-bootstrap';
import { Gauge, Registry } from 'prom-client';

/** What operators watch of checks. */
@Injectable()
export class HealthChecksMetrics {
  readonly registry = new Registry();
  private suspected = false;
  private readonly suspicion = new Gauge({
    name: 'gatehouse_health_checks_self_suspicion',
    help: '1 while this process reaches no provider, doubts its own network and counts no failure; alert above 0',
    registers: [this.registry],
  });

  constructor(metrics: ProcessMetrics, details: HealthDetails) {
    metrics.serve(this.registry);
    details.add('health-checks', () => Promise.resolve({ suspectsItself: this.suspected }));
  }

  suspects(itself: boolean): void {
    this.suspected = itself;
    this.suspicion.set(itself ? 1 : 0);
  }
}
