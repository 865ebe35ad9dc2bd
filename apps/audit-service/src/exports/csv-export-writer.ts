import type { AuditRecord } from '@gatehouse/audit-contracts';
import { csvRow } from './csv-row.js';

/** What a CSV export was made of. */
export interface CsvExportOrigin {
  readonly filter: Readonly<Record<string, unknown>>;
  /** Of the tree that `checkpoint` has signed. */
  readonly size: number;
  readonly checkpoint: string;
}

type Cell = string | number | undefined;

/** The columns, and what each holds. */
const COLUMNS: readonly (readonly [name: string, value: (record: AuditRecord) => Cell])[] = [
  ['seq', ({ seq }) => seq],
  ['id', ({ id }) => id],
  ['occurredAt', ({ occurredAt }) => occurredAt],
  ['receivedAt', ({ receivedAt }) => receivedAt],
  ['category', ({ category }) => category],
  ['action', ({ action }) => action],
  ['outcome', ({ outcome }) => outcome],
  ['reason', ({ reason }) => reason],
  ['actorType', ({ actor }) => actor.type],
  ['actorId', ({ actor }) => actor.id],
  ['actorName', ({ actor }) => actor.name],
  ['targetType', ({ target }) => target?.type],
  ['targetId', ({ target }) => target?.id],
  ['targetName', ({ target }) => target?.name],
  ['tenant', ({ tenant }) => tenant],
  ['ip', ({ context }) => context.ip],
  ['userAgent', ({ context }) => context.userAgent],
  ['sessionId', ({ context }) => context.sessionId],
  ['requestId', ({ context }) => context.requestId],
  ['traceId', ({ context }) => context.traceId],
  ['service', ({ context }) => context.service],
  ['details', ({ details }) => details && JSON.stringify(details)],
  ['erased', ({ erased }) => erased?.join(' ')],
  ['producer', ({ producer }) => producer],
  ['producerSeq', ({ producerSeq }) => producerSeq],
  ['submittedBy', ({ submittedBy }) => submittedBy],
  ['leafHash', ({ leafHash }) => leafHash],
];

/** Writes an export for spreadsheets, line by line. Its last line is `# {"manifest":{…}}`. */
export class CsvExportWriter {
  private count = 0;
  private firstSeq: number | null = null;
  private lastSeq: number | null = null;

  constructor(private readonly origin: CsvExportOrigin) {}

  header(): string {
    return csvRow(COLUMNS.map(([name]) => name));
  }

  line(record: AuditRecord): string {
    this.count += 1;
    this.firstSeq ??= record.seq;
    this.lastSeq = record.seq;
    return csvRow(COLUMNS.map(([, value]) => value(record)));
  }

  manifest(): string {
    const { origin, count, firstSeq, lastSeq } = this;
    const manifest = { format: 'gatehouse-audit-csv@v1', ...origin, count, firstSeq, lastSeq };
    return `# ${JSON.stringify({ manifest })}\r\n`;
  }
}
