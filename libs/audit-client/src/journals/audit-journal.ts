import type { AuditEvent } from '@gatehouse/audit-contracts';

/** Where the events of a process are kept until audit-service has them. */
export interface AuditJournal {
  /** Resolves when the event is kept as the journal promises; rejects when it is not. */
  keep(event: AuditEvent): Promise<void>;
}
