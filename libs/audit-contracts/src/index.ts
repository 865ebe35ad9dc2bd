export {
  type Appended,
  AppendEvents,
  type AppendRefusal,
  type AppendResult,
  type AppendResults,
  AUDIT_APPEND,
  AUDIT_RECORDED,
  AUDIT_SERVICE,
  type AuditEvents,
  type AuditRequests,
  MAX_APPEND_BYTES,
  MAX_APPEND_EVENTS,
  type Refused,
} from './append-events.js';
export {
  AUDIT_CATEGORIES,
  AUDIT_OUTCOMES,
  AuditAction,
  AuditActor,
  AuditCategory,
  AuditContext,
  AuditEvent,
  AuditOutcome,
  type AuditRecord,
  AuditTarget,
} from './audit-event.js';
export {
  AuditEventId,
  type AuditRecordPage,
  DEFAULT_SEARCH_LIMIT,
  MAX_SEARCH_LIMIT,
  SearchEvents,
} from './search-events.js';
