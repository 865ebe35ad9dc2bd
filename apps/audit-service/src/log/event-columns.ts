import type { LogEntry } from './leaf.js';

type Value = string | number | Buffer | null;

/** The columns of the table `event`: their types, and what each holds of an entry. */
const COLUMNS: readonly (readonly [name: string, type: string, value: (entry: LogEntry) => Value])[] = [
  ['id', 'uuid', ({ event }) => event.id],
  ['category', 'text', ({ event }) => event.category],
  ['action', 'text', ({ event }) => event.action],
  ['outcome', 'text', ({ event }) => event.outcome],
  ['actor_type', 'text', ({ event }) => event.actor.type],
  ['actor_id', 'text', ({ event }) => event.actor.id ?? null],
  ['target_type', 'text', ({ event }) => event.target?.type ?? null],
  ['target_id', 'text', ({ event }) => event.target?.id ?? null],
  ['tenant', 'text', ({ event }) => event.tenant ?? null],
  ['producer', 'text', ({ event }) => event.producer],
  ['producer_seq', 'bigint', ({ event }) => event.producerSeq ?? null],
  ['submitted_by', 'text', ({ submittedBy }) => submittedBy],
  ['occurred_at', 'timestamptz', ({ event }) => event.occurredAt],
  ['received_at', 'timestamptz', ({ receivedAt }) => receivedAt],
  ['content_digest', 'bytea', ({ contentDigest }) => contentDigest],
  ['leaf_hash', 'bytea', ({ leafHash }) => leafHash],
  ['leaf', 'bytea', ({ leaf }) => leaf],
];

const names = COLUMNS.map(([name]) => name).join(', ');
const arrays = COLUMNS.map(([, type], index) => `$${index + 2}::${type}[]`).join(', ');

/** One statement for any number of rows: the first `seq`, then an array for each column. */
export const INSERT_EVENTS = `
  INSERT INTO event (seq, ${names})
  SELECT $1::bigint + place - 1, ${names}
    FROM unnest(${arrays}) WITH ORDINALITY AS entry (${names}, place)`;

/** The parameters of `INSERT_EVENTS`. */
export function eventColumns(entries: readonly LogEntry[], firstSeq: number): (number | Value[])[] {
  return [firstSeq, ...COLUMNS.map(([, , value]) => entries.map(value))];
}
