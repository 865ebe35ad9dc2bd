/** The log does not take the event, and will not when it is sent again: a mistake of the code that tells it. */
export class AuditRefusedError extends Error {
  /** @param reason as audit-service said it, e.g. `malformed: outcome: Invalid option` */
  constructor(readonly reason: string) {
    super(`The audit trail refused an event: ${reason}`);
    this.name = 'AuditRefusedError';
  }
}
