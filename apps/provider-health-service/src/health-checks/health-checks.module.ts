import { Module } from '@nestjs/common';
import { MetricsModule } from '@gatehouse/service-bootstrap';
import { HealthTrackingModule } from '../health-tracking/health-tracking.module.js';
import { ProviderRegistryModule } from '../providers/provider-registry.module.js';
import { CheckClaimRepository } from './check-claim.repository.js';
import { CheckedProviderRegistry } from './checked-provider.registry.js';
import { HealthCheckDispatcher } from './health-check.dispatcher.js';
import { HealthCheckRecorder } from './health-check.recorder.js';
import { HealthCheckRunsModule } from './health-check-runs.module.js';
import { HealthChecksConsumer } from './health-checks.consumer.js';
import { HealthChecksController } from './health-checks.controller.js';
import { HealthChecksMetrics } from './health-checks.metrics.js';
import { HealthChecksScheduler } from './health-checks.scheduler.js';

/** Checks at their time, once in the fleet, and their results. */
@Module({
  imports: [HealthCheckRunsModule, HealthTrackingModule, MetricsModule, ProviderRegistryModule],
  controllers: [HealthChecksConsumer, HealthChecksController],
  providers: [
    ...[CheckClaimRepository, CheckedProviderRegistry, HealthCheckDispatcher],
    ...[HealthChecksMetrics, HealthCheckRecorder, HealthChecksScheduler],
  ],
})
export class HealthChecksModule {}
