import { AUDIT_RECORDED, type AuditEvent, type AuditEvents } from '@gatehouse/audit-contracts';
import { EventPublisher } from '@gatehouse/redis-transport';
import { Injectable } from '@nestjs/common';
import type { AuditJournal } from './audit-journal.js';

/** Keeps an event in the stream of the transport, from which audit-service takes it whenever it runs. */
@Injectable()
export class StreamJournal implements AuditJournal {
  constructor(private readonly events: EventPublisher<AuditEvents>) {}

  /** @throws DomainError `dependency-unavailable` when Redis is away, `overloaded` when too many wait already */
  async keep(event: AuditEvent): Promise<void> {
    await this.events.emit(AUDIT_RECORDED, event, { id: event.id });
  }
}
