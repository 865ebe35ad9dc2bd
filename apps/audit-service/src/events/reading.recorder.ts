import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { SERVICE_NAME } from '../audit-service.js';
import { EventAppender } from './event.appender.js';
import { type Reader, type Reading, readingEvent } from './reading-event.js';

/** Puts into the trail who reads it. */
@Injectable()
export class ReadingRecorder {
  constructor(private readonly appender: EventAppender) {}

  /**
   * Resolves after the commit: nothing is answered before.
   *
   * @throws Error when it could not be appended
   */
  async record(reading: Reading, reader: Reader): Promise<void> {
    const origin = { id: uuidv7(), producer: SERVICE_NAME, now: new Date() };
    await this.appender.record(readingEvent(reading, reader, origin));
  }
}
