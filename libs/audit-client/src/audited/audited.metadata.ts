/** Of a handler: its `AuditedHandler`. */
export const AUDITED = Symbol('audited');
