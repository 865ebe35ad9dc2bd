import { z } from 'zod';
import type { AuditEvent } from './audit-event.js';

/** Events in one append at most. */
export const MAX_APPEND_EVENTS = 1_000;

/** Bytes of one append over HTTP at most: 4 MiB. */
export const MAX_APPEND_BYTES = 4 * 1024 * 1024;

/**
 * A batch for the log. Each event is judged alone, so a malformed one does not turn away the others: it is answered
 * with an `error` and kept in quarantine.
 */
export const AppendEvents = z.strictObject({
  events: z.array(z.unknown()).min(1).max(MAX_APPEND_EVENTS),
});
export type AppendEvents = z.infer<typeof AppendEvents>;

/** Why an event was not appended. Sending it again changes nothing. */
export type AppendRefusal =
  /** It is not an `AuditEvent`. In quarantine. */
  | 'malformed'
  /** Its leaf would be longer than 65,535 bytes. In quarantine. */
  | 'too-large'
  /** Its id says a time more than five minutes ahead. In quarantine. */
  | 'future-dated'
  /** Its id says a month that is not kept any more, or one before there were such ids. In quarantine. */
  | 'too-old'
  /** The log holds an event of this id with other content. In quarantine, and an event itself. */
  | 'conflict'
  /** The database refused it. In quarantine. */
  | 'not-storable';

/** The event is in the log, committed, now or since an earlier append. */
export interface Appended {
  id: string;
  /** Zero-based index in the log. */
  seq: number;
  /** Base64. */
  leafHash: string;
}

/** The event is not in the log. */
export interface Refused {
  /** As it was sent; null when it had none that could be read. */
  id: string | null;
  error: AppendRefusal;
  /** For people: the field and what is wrong with it. */
  detail?: string;
}

export type AppendResult = Appended | Refused;

/** One result an event, in the order sent. */
export interface AppendResults {
  results: AppendResult[];
}

/**
 * Requests that audit-service answers over the transport.
 *
 * `audit.append` needs `audit:write`; it answers after the commit.
 */
export interface AuditRequests {
  'audit.append': { payload: { events: readonly AuditEvent[] }; answer: AppendResults };
}

/**
 * Durable events that audit-service takes. The sender needs `audit:write`, as of when it published.
 *
 * `audit.recorded` is one event for the log, of a producer without a database: acknowledged after the commit.
 */
export interface AuditEvents {
  'audit.recorded': AuditEvent;
}

/** The pattern of an event that is told through the stream. */
export const AUDIT_RECORDED = 'audit.recorded';

/** The name of audit-service in the transport. */
export const AUDIT_SERVICE = 'audit';

/** The pattern that appends a batch. */
export const AUDIT_APPEND = 'audit.append';
