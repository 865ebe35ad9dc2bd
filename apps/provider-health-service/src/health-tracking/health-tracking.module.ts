import { Module } from '@nestjs/common';
import { ProviderHistoryModule } from '../events/provider-history.module.js';
import { MarkRegistryModule } from '../marks/mark-registry.module.js';
import { OverrideRegistryModule } from '../overrides/override-registry.module.js';
import { HealthCheckRunsModule } from '../health-checks/health-check-runs.module.js';
import { ProviderRegistryModule } from '../providers/provider-registry.module.js';
import { RollupsModule } from '../statistics/rollups.module.js';
import { ComparisonRepository } from './comparison.repository.js';
import { HealthManager } from './health.manager.js';
import { HealthPublisher } from './health.publisher.js';
import { HealthReconciler } from './health.reconciler.js';
import { HealthRecoverer } from './health.recoverer.js';
import { HealthRepository } from './health.repository.js';
import { HealthSeeder } from './health.seeder.js';
import { HealthTrackingConsumer } from './health-tracking.consumer.js';
import { HealthTrackingController } from './health-tracking.controller.js';
import { OperatorRelay } from './operator.relay.js';
import { OutcomeRecorder } from './outcome.recorder.js';
import { OutcomesController } from './outcomes.controller.js';
import { ProviderHealthTracker } from './provider-health.tracker.js';
import { SnapshotFeed } from './snapshot.feed.js';

@Module({
  imports: [
    HealthCheckRunsModule,
    MarkRegistryModule,
    OverrideRegistryModule,
    ProviderHistoryModule,
    ProviderRegistryModule,
    RollupsModule,
  ],
  controllers: [HealthTrackingConsumer, HealthTrackingController, OutcomesController],
  providers: [
    ...[ComparisonRepository, HealthManager, HealthPublisher, HealthReconciler],
    ...[HealthRecoverer, HealthRepository, HealthSeeder],
    ...[OperatorRelay, OutcomeRecorder, ProviderHealthTracker, SnapshotFeed],
  ],
  exports: [HealthManager, HealthPublisher, OutcomeRecorder, ProviderHealthTracker],
})
export class HealthTrackingModule {}
