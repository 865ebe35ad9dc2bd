import { Module } from '@nestjs/common';
import { MetricsController } from './metrics.controller.js';
import { ProcessMetrics } from './process.metrics.js';

@Module({ controllers: [MetricsController], providers: [ProcessMetrics] })
export class MetricsModule {}
