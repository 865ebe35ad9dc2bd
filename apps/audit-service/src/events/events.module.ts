import { Module } from '@nestjs/common';
import { LogModule } from '../log/log.module.js';
import { EventAppender } from './event.appender.js';
import { EventSearcher } from './event.searcher.js';
import { EventsConsumer } from './events.consumer.js';
import { EventsController } from './events.controller.js';
import { EventsRepository } from './events.repository.js';

@Module({
  imports: [LogModule],
  controllers: [EventsController, EventsConsumer],
  providers: [EventAppender, EventSearcher, EventsRepository],
})
export class EventsModule {}
