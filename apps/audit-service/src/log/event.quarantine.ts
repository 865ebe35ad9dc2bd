import { createHmac } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { sealPart } from '../personal-data/sealed-part.js';
import { monthSubject } from '../personal-data/subjects.js';
import { SubjectKeyVault } from '../subject-keys/subject-key.vault.js';
import type { QuarantinedEvent } from './quarantined-event.js';
import { QuarantineRepository } from './quarantine.repository.js';

/** Where events go that are none: kept, counted, said; never dropped. */
@Injectable()
export class EventQuarantine {
  private readonly logger = new Logger(EventQuarantine.name);

  constructor(
    private readonly repository: QuarantineRepository,
    private readonly keys: SubjectKeyVault,
  ) {}

  /**
   * Resolves when they are kept.
   *
   * @returns those that had not been sent before this month, once each
   */
  async add<Event extends QuarantinedEvent>(
    events: readonly Event[],
    manager?: EntityManager,
  ): Promise<Event[]> {
    if (events.length === 0) return [];
    const subject = monthSubject(uuidv7());
    const keys = await this.keys.sealing([subject]);
    const key = keys.get(subject);
    if (key === undefined) throw new Error(`There is no key of ${subject}`);
    const rows = events.map((event) => {
      const id = uuidv7();
      const digest = createHmac('sha256', key.key).update(event.body).digest();
      return { event, id, digest, sealedBody: sealPart(key, event.body, `quarantine/${id}`) };
    });
    const fresh = await this.repository.add(rows, manager);
    for (const { reason, detail, submittedBy } of fresh)
      this.logger.warn(`An event of ${submittedBy} went to quarantine: ${reason}, ${detail}`);
    return fresh;
  }
}
