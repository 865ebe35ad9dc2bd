import type { AuditRecord, AuditRecordPage, SearchEvents } from '@gatehouse/audit-contracts';
import { NotFoundError, ValidationFailedError } from '@gatehouse/problem-details';
import { Injectable } from '@nestjs/common';
import { LogReader } from '../log/log.reader.js';
import { eventFilter } from './event-filter.js';
import { AddressFinder } from './address.finder.js';
import { EventsRepository } from './events.repository.js';
import { RecordOpener } from './record.opener.js';
import { readCursor, writeCursor } from './page-cursor.js';
import type { Reader } from './reading-event.js';
import { ReadingRecorder } from './reading.recorder.js';

/** Reads the trail. Who read what is in the trail before anything is answered. */
@Injectable()
export class EventSearcher {
  constructor(
    private readonly events: EventsRepository,
    private readonly log: LogReader,
    private readonly records: RecordOpener,
    private readonly addresses: AddressFinder,
    private readonly readings: ReadingRecorder,
  ) {}

  /** @throws ValidationFailedError when the cursor is none of this search */
  async search(query: SearchEvents, reader: Reader): Promise<AuditRecordPage> {
    const { cursor, limit, order, ...filters } = query;
    const after = cursor === undefined ? undefined : readCursor(cursor);
    if (cursor !== undefined && after?.order !== order) {
      throw new ValidationFailedError([{ path: 'cursor', message: 'is no cursor of this search' }]);
    }
    // One more than asked for tells whether there is another page.
    const place = await this.addresses.find(query.ip);
    const found = await this.events.search(eventFilter({ ...query, ...place }, after), order, limit + 1);
    const items = await this.records.open(found.slice(0, limit));
    await this.readings.record({ action: 'audit.search', found: items.length, filters }, reader);
    const last = items.at(-1);
    const more = found.length > limit && last !== undefined;
    return { items, nextCursor: more ? writeCursor({ order, seq: last.seq }) : null };
  }

  /** @throws NotFoundError */
  async get(id: string, reader: Reader): Promise<AuditRecord> {
    const stored = await this.log.find(id);
    const [event] = await this.records.open(stored === undefined ? [] : [stored]);
    const target = { type: 'audit-event', id };
    await this.readings.record({ action: 'audit.read', target, found: event === undefined ? 0 : 1 }, reader);
    if (event === undefined) throw new NotFoundError();
    return event;
  }
}
