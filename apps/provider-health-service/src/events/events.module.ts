import { Module } from '@nestjs/common';
import { OutboxModule } from '@gatehouse/outbox';
import { HealthTrackingModule } from '../health-tracking/health-tracking.module.js';
import { ProviderRegistryModule } from '../providers/provider-registry.module.js';
import { EventsController } from './events.controller.js';
import { ProviderHistoryModule } from './provider-history.module.js';
import { StatusChangedDestination } from './status-changed.destination.js';
import { TransitionRecorder } from './transition.recorder.js';
import { TransitionsConsumer } from './transitions.consumer.js';

@Module({
  imports: [HealthTrackingModule, OutboxModule, ProviderHistoryModule, ProviderRegistryModule],
  controllers: [EventsController],
  providers: [StatusChangedDestination, TransitionRecorder, TransitionsConsumer],
})
export class EventsModule {}
