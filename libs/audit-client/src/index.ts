export type { AuditClientOptions } from './audit-client-options.js';
export { AuditClientModule, type AuditClientModuleAsyncOptions } from './audit-client.module.js';
export type { AuditEntry } from './audit-entry.js';
export { AUDIT_TOPIC, AuditWriter } from './audit.writer.js';
export { AuditRefusalRecorder } from './refusals/refusal.recorder.js';
export { SecurityAudit } from './security.audit.js';
