import { Module } from '@nestjs/common';
import { HealthTrackingModule } from '../health-tracking/health-tracking.module.js';
import { ProbePermitManager } from './probe-permit.manager.js';
import { ProbePermitsConsumer } from './probe-permits.consumer.js';
import { ProbePermitsController } from './probe-permits.controller.js';

@Module({
  imports: [HealthTrackingModule],
  controllers: [ProbePermitsController, ProbePermitsConsumer],
  providers: [ProbePermitManager],
})
export class ProbePermitsModule {}
