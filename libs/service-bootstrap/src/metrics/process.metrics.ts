import { Injectable } from '@nestjs/common';
import { AccessControlMetrics } from '@gatehouse/access-control';
import { RedisTransportMetrics } from '@gatehouse/redis-transport';
import { collectDefaultMetrics, Registry } from 'prom-client';

/** What the process tells Prometheus: memory, CPU, event loop, its transport, and what access rests on. */
@Injectable()
export class ProcessMetrics {
  private readonly process = new Registry();

  constructor(
    private readonly transport: RedisTransportMetrics,
    private readonly access: AccessControlMetrics,
  ) {
    collectDefaultMetrics({ register: this.process });
  }

  async scrape(): Promise<{ contentType: string; text: string }> {
    const all = Registry.merge([this.process, this.transport.registry, this.access.registry]);
    return { contentType: all.contentType, text: await all.metrics() };
  }
}
