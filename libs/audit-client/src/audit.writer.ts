import type { AuditCategory, AuditEvent } from '@gatehouse/audit-contracts';
import { v7 as uuidv7 } from 'uuid';
import { type AuditEntry, composeEvent } from './audit-entry.js';

/**
 * Says what happened.
 *
 * Each method resolves to the event's id, and rejects when the event could not be kept; what it tells is then not to
 * happen, or to be undone, so that nothing of security meaning happens untold.
 */
export abstract class AuditWriter {
  /** @param producer the service that tells it */
  constructor(private readonly producer: string) {}

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

  async logEvent(category: AuditCategory, entry: AuditEntry): Promise<string> {
    const event = this.compose(category, entry);
    await this.keep(event);
    return event.id;
  }

  protected compose(category: AuditCategory, entry: AuditEntry): AuditEvent {
    return composeEvent(entry, { id: uuidv7(), category, producer: this.producer, now: new Date() });
  }

  protected abstract keep(event: AuditEvent): Promise<void>;
}
