import type { AppendRefusal } from '@gatehouse/audit-contracts';

/** What was sent and is not in the log. */
export interface QuarantinedEvent {
  /** As far as it could be read. */
  readonly eventId: string | null;
  readonly reason: AppendRefusal;
  readonly detail: string;
  /** JSON as it was received. It is kept sealed: nobody has looked what is personal in it. */
  readonly body: string;
  readonly submittedBy: string;
}
