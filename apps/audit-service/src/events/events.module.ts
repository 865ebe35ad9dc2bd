import { Module } from '@nestjs/common';
import { LogModule } from '../log/log.module.js';
import { SubjectKeysModule } from '../subject-keys/subject-keys.module.js';
import { AddressFinder } from './address.finder.js';
import { EventAppender } from './event.appender.js';
import { EventSearcher } from './event.searcher.js';
import { EventsConsumer } from './events.consumer.js';
import { EventsController } from './events.controller.js';
import { EventsRepository } from './events.repository.js';
import { ReadingRecorder } from './reading.recorder.js';
import { RecordOpener } from './record.opener.js';
import { TrailReader } from './trail.reader.js';

@Module({
  imports: [LogModule, SubjectKeysModule],
  controllers: [EventsController, EventsConsumer],
  providers: [
    ...[EventAppender, EventSearcher, EventsRepository, RecordOpener, AddressFinder],
    ...[ReadingRecorder, TrailReader],
  ],
  exports: [ReadingRecorder, TrailReader],
})
export class EventsModule {}
