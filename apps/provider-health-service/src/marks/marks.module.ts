import { Module } from '@nestjs/common';
import { HealthTrackingModule } from '../health-tracking/health-tracking.module.js';
import { MarkManager } from './mark.manager.js';
import { MarksConsumer } from './marks.consumer.js';
import { MarksController } from './marks.controller.js';

@Module({
  imports: [HealthTrackingModule],
  controllers: [MarksController, MarksConsumer],
  providers: [MarkManager],
})
export class MarksModule {}
