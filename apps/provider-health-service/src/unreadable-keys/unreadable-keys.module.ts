import { Module } from '@nestjs/common';
import { MetricsModule } from '@gatehouse/service-bootstrap';
import { HealthTrackingModule } from '../health-tracking/health-tracking.module.js';
import { ProviderKeysModule } from '../provider-keys/provider-keys.module.js';
import { ProviderRegistryModule } from '../providers/provider-registry.module.js';
import { ReadableKeyRepository } from './readable-key.repository.js';
import { UnreadableKeyRecorder } from './unreadable-key.recorder.js';
import { UnreadableKeysMetrics } from './unreadable-keys.metrics.js';
import { UnreadableKeysScheduler } from './unreadable-keys.scheduler.js';

/** What becomes of providers whose API keys cannot be opened. */
@Module({
  imports: [HealthTrackingModule, MetricsModule, ProviderKeysModule, ProviderRegistryModule],
  providers: [ReadableKeyRepository, UnreadableKeyRecorder, UnreadableKeysMetrics, UnreadableKeysScheduler],
})
export class UnreadableKeysModule {}
