import { createHash } from 'node:crypto';
import type { AppendRefusal } from '@gatehouse/audit-contracts';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';

/** What was sent and is not in the log. */
export interface QuarantinedEvent {
  /** As far as it could be read. */
  readonly eventId: string | null;
  readonly reason: AppendRefusal;
  readonly detail: string;
  /** JSON as it was received. */
  readonly body: string;
  readonly submittedBy: string;
}

interface QuarantineRow extends QuarantinedEvent {
  readonly digest: Buffer;
  times: number;
}

const LONGEST_DETAIL = 500;

/** Keeps what the log refused. The same thing sent again is counted, not kept again. */
@Injectable()
export class QuarantineRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** @returns those that had not been sent before, once each */
  async add(
    events: readonly QuarantinedEvent[],
    manager: EntityManager = this.dataSource.manager,
  ): Promise<QuarantinedEvent[]> {
    if (events.length === 0) return [];
    const rows = rowsOf(events);
    const kept: { fresh: boolean; key: string }[] = await manager.query(
      `INSERT INTO quarantine (body_digest, submitted_by, reason, event_id, detail, body, times)
       SELECT * FROM unnest($1::bytea[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[])
       ON CONFLICT (body_digest, submitted_by, reason)
       DO UPDATE SET times = quarantine.times + excluded.times, last_received_at = now()
       RETURNING (xmax = 0) AS fresh, encode(body_digest, 'hex') || reason || submitted_by AS key`,
      [
        rows.map(({ digest }) => digest),
        rows.map(({ submittedBy }) => submittedBy),
        rows.map(({ reason }) => reason),
        rows.map(({ eventId }) => eventId),
        rows.map(({ detail }) => detail.slice(0, LONGEST_DETAIL)),
        rows.map(({ body }) => body),
        rows.map(({ times }) => times),
      ],
    );
    const fresh = new Set(kept.filter((row) => row.fresh).map(({ key }) => key));
    return rows.filter((row) => fresh.has(keyOf(row)));
  }
}

/** One row for equal events, in an order that is the same for everybody, so that no two wait for each other. */
function rowsOf(events: readonly QuarantinedEvent[]): QuarantineRow[] {
  const rows = new Map<string, QuarantineRow>();
  for (const event of events) {
    const row = { ...event, digest: createHash('sha256').update(event.body).digest(), times: 1 };
    const before = rows.get(keyOf(row));
    if (before === undefined) rows.set(keyOf(row), row);
    else before.times++;
  }
  return [...rows].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, row]) => row);
}

const keyOf = ({ digest, reason, submittedBy }: Omit<QuarantineRow, 'times'>) =>
  digest.toString('hex') + reason + submittedBy;
