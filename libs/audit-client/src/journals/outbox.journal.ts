import type { AuditEvent } from '@gatehouse/audit-contracts';
import { Outbox } from '@gatehouse/outbox';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { messageOf } from '../enlisted.writer.js';
import type { AuditJournal } from './audit-journal.js';

/** Keeps an event as a row of the outbox, in a transaction of its own. */
@Injectable()
export class OutboxJournal implements AuditJournal {
  constructor(
    private readonly outbox: Outbox,
    private readonly dataSource: DataSource,
  ) {}

  async keep(event: AuditEvent): Promise<void> {
    await this.outbox.add(this.dataSource, messageOf(event));
  }
}
