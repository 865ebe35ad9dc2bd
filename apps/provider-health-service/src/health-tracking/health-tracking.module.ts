import { Module } from '@nestjs/common';
import { ProviderHistoryModule } from '../events/provider-history.module.js';
import { ProviderRegistryModule } from '../providers/provider-registry.module.js';
import { RollupsModule } from '../statistics/rollups.module.js';
import { HealthRepository } from './health.repository.js';
import { HealthTrackingController } from './health-tracking.controller.js';
import { ProviderHealthTracker } from './provider-health.tracker.js';

@Module({
  imports: [ProviderHistoryModule, ProviderRegistryModule, RollupsModule],
  controllers: [HealthTrackingController],
  providers: [HealthRepository, ProviderHealthTracker],
  exports: [ProviderHealthTracker],
})
export class HealthTrackingModule {}
