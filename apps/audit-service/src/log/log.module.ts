import { Module } from '@nestjs/common';
import { SubjectKeysModule } from '../subject-keys/subject-keys.module.js';
import { EventMonths } from './event.months.js';
import { EventQuarantine } from './event.quarantine.js';
import { LogReader } from './log.reader.js';
import { LogRepository } from './log.repository.js';
import { LogSequencer } from './log.sequencer.js';
import { QuarantineRepository } from './quarantine.repository.js';
import { TreeRepository } from './tree.repository.js';

@Module({
  imports: [SubjectKeysModule],
  providers: [
    LogReader,
    LogRepository,
    QuarantineRepository,
    LogSequencer,
    EventMonths,
    EventQuarantine,
    TreeRepository,
  ],
  exports: [LogReader, LogSequencer, EventQuarantine],
})
export class LogModule {}
