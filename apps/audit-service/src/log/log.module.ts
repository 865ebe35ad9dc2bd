import { Module } from '@nestjs/common';
import { LogRepository } from './log.repository.js';
import { LogSequencer } from './log.sequencer.js';
import { EventQuarantine } from './event.quarantine.js';
import { QuarantineRepository } from './quarantine.repository.js';

@Module({
  providers: [LogRepository, QuarantineRepository, LogSequencer, EventQuarantine],
  exports: [LogSequencer, EventQuarantine],
})
export class LogModule {}
