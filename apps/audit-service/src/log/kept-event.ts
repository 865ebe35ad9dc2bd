import type { SearchColumns } from '@gatehouse/audit-log-verifier';

/** An event of the log with everything that is kept beside its leaf and made of it. */
export interface KeptEvent {
  readonly seq: number;
  readonly leaf: Buffer;
  readonly leafHash: Buffer;
  readonly columns: SearchColumns;
}

/** Of the table `event`. */
export interface EventRow {
  seq: string;
  leaf: Buffer;
  leaf_hash: Buffer;
  id: string;
  category: string;
  action: string;
  outcome: string;
  actor_type: string;
  actor_id: string | null;
  target_type: string | null;
  target_id: string | null;
  tenant: string | null;
  producer: string;
  producer_seq: string | null;
  submitted_by: string;
  occurred_at: Date;
  received_at: Date;
}

/** The columns that `keptEvent` takes. */
export const EVENT_COLUMNS = `seq, leaf, leaf_hash, id, category, action, outcome, actor_type, actor_id, target_type, target_id,
  tenant, producer, producer_seq, submitted_by, occurred_at, received_at`;

export const keptEvent = (row: EventRow): KeptEvent => ({
  seq: Number(row.seq),
  leaf: row.leaf,
  leafHash: row.leaf_hash,
  columns: {
    id: row.id,
    category: row.category,
    action: row.action,
    outcome: row.outcome,
    actorType: row.actor_type,
    actorId: row.actor_id,
    targetType: row.target_type,
    targetId: row.target_id,
    tenant: row.tenant,
    producer: row.producer,
    producerSeq: row.producer_seq === null ? null : Number(row.producer_seq),
    submittedBy: row.submitted_by,
    occurredAt: isoTime(row.occurred_at),
    receivedAt: isoTime(row.received_at),
  },
});

/** `infinity` of PostgreSQL is no Date. */
const isoTime = (time: Date): string =>
  time instanceof Date && !Number.isNaN(time.getTime()) ? time.toISOString() : String(time);
