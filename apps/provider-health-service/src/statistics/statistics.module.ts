import { Module } from '@nestjs/common';
import { MetricsModule } from '@gatehouse/service-bootstrap';
import { HealthTrackingModule } from '../health-tracking/health-tracking.module.js';
import { ProviderRegistryModule } from '../providers/provider-registry.module.js';
import { CountedBatchRepository } from './counted-batch.repository.js';
import { OutcomeAggregator } from './outcome.aggregator.js';
import { OutcomeStreamRepository } from './outcome-stream.repository.js';
import { OutcomesConsumer } from './outcomes.consumer.js';
import { RollupsModule } from './rollups.module.js';
import { StatisticsConsumer } from './statistics.consumer.js';
import { StatisticsController } from './statistics.controller.js';
import { StatisticsHousekeeper } from './statistics.housekeeper.js';
import { StatisticsMetrics } from './statistics.metrics.js';

@Module({
  imports: [HealthTrackingModule, MetricsModule, ProviderRegistryModule, RollupsModule],
  controllers: [StatisticsController, StatisticsConsumer],
  providers: [
    ...[CountedBatchRepository, OutcomeStreamRepository],
    ...[OutcomeAggregator, OutcomesConsumer, StatisticsHousekeeper, StatisticsMetrics],
  ],
})
export class StatisticsModule {}
