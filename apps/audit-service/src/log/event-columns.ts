import type { LogEntry } from './log-entry.js';

type Columns = Omit<LogEntry, 'text'>;

type Value = string | number | Buffer | undefined;

/** The columns of the table `event` beside `seq`, and what each holds of an entry. */
const COLUMNS: readonly (readonly [name: string, value: (entry: Columns) => Value])[] = [
  ['id', ({ event }) => event.id],
  ['category', ({ event }) => event.category],
  ['action', ({ event }) => event.action],
  ['outcome', ({ event }) => event.outcome],
  ['actor_type', ({ event }) => event.actor.type],
  ['actor_id', ({ event }) => event.actor.id],
  ['target_type', ({ event }) => event.target?.type],
  ['target_id', ({ event }) => event.target?.id],
  ['tenant', ({ event }) => event.tenant],
  ['network', ({ network }) => network],
  ['producer', ({ event }) => event.producer],
  ['producer_seq', ({ event }) => event.producerSeq],
  ['submitted_by', ({ submittedBy }) => submittedBy],
  ['occurred_at', ({ event }) => event.occurredAt],
  ['received_at', ({ receivedAt }) => receivedAt],
  ['content_digest', ({ contentDigest }) => contentDigest],
  ['key_id', ({ keyId }) => keyId],
  ['leaf_hash', ({ leafHash }) => leafHash],
  ['leaf', ({ leaf }) => leaf],
];

/** Takes rows of `eventRows`. */
export const COPY_EVENTS = `COPY event (seq, ${COLUMNS.map(([name]) => name).join(', ')}) FROM STDIN`;

/** The row of an entry but for its `seq`. */
export const eventText = (entry: Columns): string =>
  COLUMNS.map(([, value]) => copyText(value(entry))).join('\t');

/** Entries as the text format of COPY, numbered from `firstSeq`. */
export const eventRows = (entries: readonly LogEntry[], firstSeq: number): string =>
  entries.map(({ text }, place) => `${firstSeq + place}\t${text}\n`).join('');

/** Takes rows of `addressRows`. */
export const COPY_ADDRESSES = 'COPY event_address (address, seq, event_id, key_id) FROM STDIN';

/** What finds entries by the address that they came from. */
export function addressRows(entries: readonly LogEntry[], firstSeq: number): string {
  let rows = '';
  for (const [place, { address, event, keyId }] of entries.entries()) {
    if (address !== undefined) rows += `${copyText(address)}\t${firstSeq + place}\t${event.id}\t${keyId}\n`;
  }
  return rows;
}

const SPECIAL = /[\\\t\n\r]/g;
const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

/** A value in the text format of COPY (PostgreSQL manual, COPY, "Text Format"). */
function copyText(value: Value): string {
  if (value === undefined) return '\\N';
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string') return `\\\\x${value.toString('hex')}`;
  return value.replace(SPECIAL, (character) => ESCAPES[character] as string);
}
