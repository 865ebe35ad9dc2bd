import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { QuarantinedEvent } from './quarantined-event.js';

export interface NewQuarantineRow<Event extends QuarantinedEvent> {
  readonly event: Event;
  readonly id: string;
  /** The same for the same body. */
  readonly digest: Buffer;
  readonly sealedBody: string;
}

const LONGEST_DETAIL = 500;

/** Keeps what the log refused. The same thing sent again is counted, not kept again. */
@Injectable()
export class QuarantineRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** @returns the events that had not been sent before, once each */
  async add<Event extends QuarantinedEvent>(
    all: readonly NewQuarantineRow<Event>[],
    manager: EntityManager = this.dataSource.manager,
  ): Promise<Event[]> {
    const rows = mergeEqual(all);
    const kept: { id: string }[] = await manager.query(
      `INSERT INTO quarantine (id, body_digest, submitted_by, reason, event_id, detail, sealed_body, times)
       SELECT * FROM unnest($1::uuid[], $2::bytea[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bigint[])
       ON CONFLICT (body_digest, submitted_by, reason)
       DO UPDATE SET times = quarantine.times + excluded.times, last_received_at = now()
       RETURNING id`,
      [
        rows.map(({ row }) => row.id),
        rows.map(({ row }) => row.digest),
        rows.map(({ row }) => row.event.submittedBy),
        rows.map(({ row }) => row.event.reason),
        rows.map(({ row }) => row.event.eventId),
        rows.map(({ row }) => row.event.detail.slice(0, LONGEST_DETAIL)),
        rows.map(({ row }) => row.sealedBody),
        rows.map(({ times }) => times),
      ],
    );
    // One that was there keeps its old id.
    const ids = new Set(kept.map(({ id }) => id));
    return rows.filter(({ row }) => ids.has(row.id)).map(({ row }) => row.event);
  }
}

/** One row for equal events, in an order that is the same for everybody, so that no two wait for each other. */
function mergeEqual<Event extends QuarantinedEvent>(
  all: readonly NewQuarantineRow<Event>[],
): { row: NewQuarantineRow<Event>; times: number }[] {
  const rows = new Map<string, { row: NewQuarantineRow<Event>; times: number }>();
  for (const row of all) {
    const key = `${row.digest.toString('hex')}${row.event.reason}${row.event.submittedBy}`;
    const before = rows.get(key);
    if (before === undefined) rows.set(key, { row, times: 1 });
    else before.times++;
  }
  return [...rows].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, row]) => row);
}
