import { Module } from '@nestjs/common';
import { HealthTrackingModule } from '../health-tracking/health-tracking.module.js';
import { ProviderRegistryModule } from '../providers/provider-registry.module.js';
import { OverrideRegistryModule } from './override-registry.module.js';
import { OverrideManager } from './override.manager.js';
import { OverridesController } from './overrides.controller.js';
import { OverridesScheduler } from './overrides.scheduler.js';

@Module({
  imports: [HealthTrackingModule, OverrideRegistryModule, ProviderRegistryModule],
  controllers: [OverridesController],
  providers: [OverrideManager, OverridesScheduler],
})
export class OverridesModule {}
