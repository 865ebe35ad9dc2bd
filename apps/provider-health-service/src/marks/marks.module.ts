import { Module } from '@nestjs/common';
import { HealthTrackingModule } from '../health-tracking/health-tracking.module.js';
import { OverrideRegistryModule } from '../overrides/override-registry.module.js';
import { MarkRegistryModule } from './mark-registry.module.js';
import { MarkManager } from './mark.manager.js';
import { MarksConsumer } from './marks.consumer.js';
import { MarksController } from './marks.controller.js';

@Module({
  imports: [HealthTrackingModule, MarkRegistryModule, OverrideRegistryModule],
  controllers: [MarksController, MarksConsumer],
  providers: [MarkManager],
})
export class MarksModule {}
