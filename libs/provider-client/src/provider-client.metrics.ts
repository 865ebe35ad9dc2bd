import { Counter, Gauge, Registry } from 'prom-client';
import type { DropReason } from './outcomes/outcome.reporter.js';

/** Asked for at each scrape. */
export interface ClientState {
  ageMs(): number;
  isLocal(): boolean;
  queued(): number;
}

/**
 * Metrics of what this process knows of providers and reports of them, in a prom-client registry of their own: serve
 * `registry.metrics()`, or merge it into yours.
 */
export class ProviderClientMetrics {
  readonly registry = new Registry();
  private readonly registers = [this.registry];
  private readonly delivered = new Counter({
    name: 'gatehouse_provider_outcomes_delivered_total',
    help: 'Outcomes of this process that the fleet has counted',
    registers: this.registers,
  });
  private readonly dropped = new Counter({
    name: 'gatehouse_provider_outcomes_dropped_total',
    help: 'Outcomes that the fleet will not count: no room (overflow), refused for ever, or left over at the end',
    labelNames: ['reason'] as const,
    registers: this.registers,
  });

  constructor(state: ClientState) {
    const { registers } = this;
    for (const reason of ['overflow', 'refused', 'shutdown'] as const) this.dropped.inc({ reason }, 0);
    const age: Gauge = new Gauge({
      name: 'gatehouse_providers_age_seconds',
      help: 'Since it was certain that no change of a provider was missed; +Inf before the first load',
      registers,
      collect: () => age.set(state.ageMs() / 1000),
    });
    const local: Gauge = new Gauge({
      name: 'gatehouse_providers_local',
      help: '1 while this process counts outcomes by itself, since provider-health-service does not answer',
      registers,
      collect: () => local.set(state.isLocal() ? 1 : 0),
    });
    const queued: Gauge = new Gauge({
      name: 'gatehouse_provider_outcomes_queued',
      help: 'Outcomes that wait to be reported',
      registers,
      collect: () => queued.set(state.queued()),
    });
  }

  countDelivered(count: number): void {
    this.delivered.inc(count);
  }

  countDropped(reason: DropReason, count: number): void {
    this.dropped.inc({ reason }, count);
  }
}
