import { Injectable, Logger } from '@nestjs/common';
import { type QuarantinedEvent, QuarantineRepository } from './quarantine.repository.js';

/** Where events go that are none: kept, counted, said; never dropped. */
@Injectable()
export class EventQuarantine {
  private readonly logger = new Logger(EventQuarantine.name);

  constructor(private readonly repository: QuarantineRepository) {}

  /** Resolves when they are kept. */
  async add(events: readonly QuarantinedEvent[]): Promise<void> {
    for (const { reason, detail, submittedBy } of await this.repository.add(events)) {
      this.logger.warn(`An event of ${submittedBy} went to quarantine: ${reason}, ${detail}`);
    }
  }
}
