import type { AuditEvent } from '@gatehouse/audit-contracts';
import type { NewOutboxMessage, Outbox, StatementCondition, TransactionalExecutor } from '@gatehouse/outbox';
import type { AuditEntry } from './audit-entry.js';
import { AuditWriter } from './audit.writer.js';

/** The topic of audit events in a service's outbox. */
export const AUDIT_TOPIC = 'audit';

/** Says what happened in one transaction: the event is told if, and only if, it commits. */
export class EnlistedWriter extends AuditWriter {
  constructor(
    private readonly outbox: Outbox,
    producer: string,
    private readonly manager: TransactionalExecutor,
  ) {
    super(producer);
  }

  /**
   * Tells it unless something is so in that moment, in one statement with the question: for what happens very often.
   *
   * @returns whether it was told: false when `condition` holds, and then it is not to happen
   */
  logAuthEventUnless(condition: StatementCondition, entry: AuditEntry): Promise<boolean> {
    return this.outbox.addUnless(this.manager, condition, messageOf(this.compose('auth', entry)));
  }

  protected async keep(event: AuditEvent): Promise<void> {
    await this.outbox.add(this.manager, messageOf(event));
  }
}

/** The outbox row of an event. */
export function messageOf(event: AuditEvent): NewOutboxMessage {
  return { id: event.id, topic: AUDIT_TOPIC, payload: JSON.stringify(event) };
}
