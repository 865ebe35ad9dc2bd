import type { AuditCategory } from '@gatehouse/audit-contracts';
import type { NewOutboxMessage, Outbox, StatementCondition, TransactionalExecutor } from '@gatehouse/outbox';
import { v7 as uuidv7 } from 'uuid';
import { type AuditEntry, composeEvent } from './audit-entry.js';

/** The topic of audit events in a service's outbox. */
export const AUDIT_TOPIC = 'audit';

/**
 * Says what happened, in one transaction: the event is told if, and only if, it commits.
 *
 * Each method resolves to the event's id, and rejects when the row could not be written; the transaction is then to
 * be rolled back, so that nothing of security meaning happens untold.
 */
export class AuditWriter {
  constructor(
    private readonly outbox: Outbox,
    private readonly producer: string,
    private readonly manager: TransactionalExecutor,
  ) {}

  /** Someone proved who they are, or failed to: login, refresh, logout, a password that changed. */
  logAuthEvent(entry: AuditEntry): Promise<string> {
    return this.logEvent('auth', entry);
  }

  /** Someone reached for something, and was let or was not: a decision of the guards, a document that was read. */
  logAccessEvent(entry: AuditEntry): Promise<string> {
    return this.logEvent('access', entry);
  }

  /** Someone changed what others may do, or how a service works: roles, accounts, keys, settings. */
  logAdminEvent(entry: AuditEntry): Promise<string> {
    return this.logEvent('admin', entry);
  }

  /** Something happened to a provider: a transition, an override. */
  logProviderEvent(entry: AuditEntry): Promise<string> {
    return this.logEvent('provider', entry);
  }

  /**
   * Tells it unless something is so in that moment, in one statement with the question: for what happens very often.
   *
   * @returns whether it was told: false when `condition` holds, and then it is not to happen
   */
  logAuthEventUnless(condition: StatementCondition, entry: AuditEntry): Promise<boolean> {
    return this.outbox.addUnless(this.manager, condition, this.messageOf('auth', entry));
  }

  async logEvent(category: AuditCategory, entry: AuditEntry): Promise<string> {
    const message = this.messageOf(category, entry);
    await this.outbox.add(this.manager, message);
    return message.id;
  }

  private messageOf(category: AuditCategory, entry: AuditEntry): NewOutboxMessage {
    const id = uuidv7();
    const event = composeEvent(entry, { id, category, producer: this.producer, now: new Date() });
    return { id, topic: AUDIT_TOPIC, payload: JSON.stringify(event) };
  }
}
