import { Module } from '@nestjs/common';
import { OutboxModule } from '@gatehouse/outbox';
import { HealthTrackingModule } from '../health-tracking/health-tracking.module.js';
import { IncidentsModule } from '../incidents/incidents.module.js';
import { ProviderRegistryModule } from '../providers/provider-registry.module.js';
import { WebhooksModule } from '../webhooks/webhooks.module.js';
import { EventStreamController } from './event-stream.controller.js';
import { EventStreamManager } from './event-stream.manager.js';
import { EventsController } from './events.controller.js';
import { ProviderHistoryModule } from './provider-history.module.js';
import { StatusChangedDestination } from './status-changed.destination.js';
import { StatusChangeFeed } from './status-change.feed.js';
import { TransitionAnnouncer } from './transition.announcer.js';
import { TransitionRecorder } from './transition.recorder.js';
import { TransitionsConsumer } from './transitions.consumer.js';

@Module({
  imports: [
    HealthTrackingModule,
    IncidentsModule,
    OutboxModule,
    ProviderHistoryModule,
    ProviderRegistryModule,
    WebhooksModule,
  ],
  controllers: [EventsController, EventStreamController],
  providers: [
    ...[EventStreamManager, StatusChangedDestination, StatusChangeFeed],
    ...[TransitionAnnouncer, TransitionRecorder, TransitionsConsumer],
  ],
})
export class EventsModule {}
