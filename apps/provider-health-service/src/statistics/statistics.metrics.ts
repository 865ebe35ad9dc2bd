import { Injectable } from '@nestjs/common';
import { addScrapedGauge, ProcessMetrics } from '@gatehouse/service-bootstrap';
import { Counter, Gauge, Registry } from 'prom-client';
import { ProviderHealthTracker } from '../health-tracking/provider-health.tracker.js';
import { ProviderManager } from '../providers/provider.manager.js';
import type { ReportedEntry } from './outcome-entry.js';
import { type OutcomeBacklog, OutcomeStreamRepository } from './outcome-stream.repository.js';

/** So many providers have lines of their own, the first by name: a scrape stays bounded. */
const MOST_PROVIDERS = 500;

/** What operators watch. While Redis or PostgreSQL is away, the gauges that ask it are left out. */
@Injectable()
export class StatisticsMetrics {
  readonly registry = new Registry();
  private readonly registers = [this.registry];
  private readonly outcomes = new Counter({
    name: 'gatehouse_provider_outcomes_total',
    help: 'Reported outcomes of calls to providers, by class, counted once in the fleet: the sum over its processes',
    labelNames: ['provider', 'outcome'] as const,
    registers: this.registers,
  });
  private readonly available: Gauge<'provider' | 'status'> = new Gauge({
    name: 'gatehouse_provider_available',
    help: '1 for a provider that may be called, else 0; `status` is what it is now',
    labelNames: ['provider', 'status'] as const,
    registers: this.registers,
    collect: () => this.collectStatuses(),
  });
  private reading: Promise<OutcomeBacklog | undefined> | undefined;

  constructor(
    metrics: ProcessMetrics,
    private readonly stream: OutcomeStreamRepository,
    private readonly providers: ProviderManager,
    private readonly tracker: ProviderHealthTracker,
  ) {
    this.addBacklogGauge(
      'gatehouse_provider_outcomes_waiting',
      'Reports that wait to be counted for the statistics, in the whole fleet',
      ({ length }) => length,
    );
    this.addBacklogGauge(
      'gatehouse_provider_outcomes_oldest_age_seconds',
      'Age of the oldest report that waits to be counted',
      ({ ageMs }) => ageMs / 1_000,
    );
    this.addBacklogGauge(
      'gatehouse_provider_outcomes_lost',
      'Reports that were pushed out of the full stream before they were counted; statistics lack them',
      ({ lost }) => lost,
    );
    metrics.serve(this.registry);
  }

  /** Of a batch that this process counted. */
  counted(outcomes: ReportedEntry['outcomes']): void {
    for (const [provider, outcome] of outcomes) this.outcomes.inc({ provider, outcome });
  }

  private addBacklogGauge(name: string, help: string, value: (backlog: OutcomeBacklog) => number): void {
    addScrapedGauge(this.registry, { name, help }, async () => {
      const backlog = await this.readBacklog();
      return backlog && value(backlog);
    });
  }

  /** Three gauges ask for the same at a scrape: Redis is asked once. */
  private readBacklog(): Promise<OutcomeBacklog | undefined> {
    this.reading ??= this.stream
      .backlog()
      .catch(() => undefined)
      .finally(() => (this.reading = undefined));
    return this.reading;
  }

  private async collectStatuses(): Promise<void> {
    this.available.reset();
    try {
      const listed = await this.providers.list({ limit: MOST_PROVIDERS });
      for (const { name, status, available } of await this.tracker.getStatuses(
        listed.map(({ name }) => name),
      ))
        this.available.set({ provider: name, status }, available ? 1 : 0);
    } catch {
      this.available.reset();
    }
  }
}
