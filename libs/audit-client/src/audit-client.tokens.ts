/** The client of audit-service's requests. */
export const AUDIT_REQUESTS = Symbol('AUDIT_REQUESTS');

/** The options of `AuditClientModule`, inside the module. */
export const AUDIT_CLIENT_OPTIONS = Symbol('AUDIT_CLIENT_OPTIONS');

/** The `AuditJournal` of the process, inside the module. */
export const AUDIT_JOURNAL = Symbol('AUDIT_JOURNAL');
