import type { AuditRecord, EventFilters } from '@gatehouse/audit-contracts';
import { Injectable } from '@nestjs/common';
import type { KeptEvent } from '../log/kept-event.js';
import { AddressFinder } from './address.finder.js';
import { eventFilter } from './event-filter.js';
import { EventsRepository } from './events.repository.js';
import { RecordOpener } from './record.opener.js';

/** What is in memory of a trail that is read from end to end. */
export const PAGE = 200;

/** An event as it is kept, and as readers see it. */
export interface TrailEvent {
  readonly kept: KeptEvent;
  readonly record: AuditRecord;
}

/** Reads long stretches of the trail. */
@Injectable()
export class TrailReader {
  constructor(
    private readonly events: EventsRepository,
    private readonly records: RecordOpener,
    private readonly addresses: AddressFinder,
  ) {}

  /**
   * The events below `end` that the filters choose, in the order of `seq`, a page at a time: the next one is read when it
   * is asked for.
   */
  async *pages(filters: EventFilters, end: number): AsyncGenerator<TrailEvent[]> {
    const chosen = { ...filters, ...(await this.addresses.find(filters.ip)), order: 'asc' as const };
    for (let after = -1; ;) {
      const filter = eventFilter(chosen, { order: 'asc', seq: after });
      const kept = await this.events.scan(filter, end, PAGE);
      const records = await this.records.open(kept);
      if (kept.length > 0)
        yield kept.map((event, index) => ({ kept: event, record: records[index] as AuditRecord }));
      if (kept.length < PAGE) return;
      after = kept.at(-1)?.seq ?? after;
    }
  }
}
