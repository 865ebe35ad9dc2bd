import { Injectable } from '@nestjs/common';
import { RedisTransportMetrics } from '@gatehouse/redis-transport';
import { collectDefaultMetrics, Registry } from 'prom-client';

/** What the process tells Prometheus: memory, CPU, event loop, and its transport. */
@Injectable()
export class ProcessMetrics {
  private readonly process = new Registry();

  constructor(private readonly transport: RedisTransportMetrics) {
    collectDefaultMetrics({ register: this.process });
  }

  async scrape(): Promise<{ contentType: string; text: string }> {
    const all = Registry.merge([this.process, this.transport.registry]);
    return { contentType: all.contentType, text: await all.metrics() };
  }
}
