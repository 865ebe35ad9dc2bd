import { Module } from '@nestjs/common';
import { MetricsController } from './metrics.controller.js';
import { ProcessMetrics } from './process.metrics.js';

/** `GET /metrics`; a module with metrics of its own imports it and has `ProcessMetrics` serve them. */
@Module({ controllers: [MetricsController], providers: [ProcessMetrics], exports: [ProcessMetrics] })
export class MetricsModule {}
