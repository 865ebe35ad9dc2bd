import { Injectable } from '@nestjs/common';
import { AccessControlMetrics } from '@gatehouse/access-control';
import { RedisTransportMetrics } from '@gatehouse/redis-transport';
import { collectDefaultMetrics, Registry } from 'prom-client';

/** What the process tells Prometheus: memory, CPU, event loop, its transport, what access rests on, and what a service adds. */
@Injectable()
export class ProcessMetrics {
  private readonly process = new Registry();
  private readonly own: Registry[] = [];

  constructor(
    private readonly transport: RedisTransportMetrics,
    private readonly access: AccessControlMetrics,
  ) {
    collectDefaultMetrics({ register: this.process });
  }

  /** Serves these metrics too: those of a service's own work, from a registry of their own. */
  serve(registry: Registry): void {
    this.own.push(registry);
  }

  async scrape(): Promise<{ contentType: string; text: string }> {
    const all = Registry.merge([
      ...[this.process, this.transport.registry, this.access.registry, ...this.own],
    ]);
    return { contentType: all.contentType, text: await all.metrics() };
  }
}
