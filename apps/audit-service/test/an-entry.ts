import type { AuditEvent } from '@gatehouse/audit-contracts';
import { createHash } from 'node:crypto';
import { createLogEntry, subjectsOf } from '../src/log/leaf.js';
import type { LogEntry } from '../src/log/log-entry.js';
import type { SubjectKey } from '../src/personal-data/sealed-part.js';

/** A key of each subject, the same each time. */
export function keysOf(event: AuditEvent): ReadonlyMap<string, SubjectKey> {
  return new Map(subjectsOf(event).map((subject) => [subject, keyOfSubject(subject)]));
}

export function keyOfSubject(subject: string): SubjectKey {
  const key = createHash('sha256').update(subject).digest();
  const id = `${key.toString('hex', 0, 4)}-0000-4000-8000-000000000000`;
  return { id, key };
}

export function anEntry(event: AuditEvent, submittedBy = 'x', receivedAt = new Date(0)): LogEntry {
  return createLogEntry(event, { keys: keysOf(event), submittedBy, receivedAt });
}

/** An event of the smallest kind; its id says a time. */
export const aSmallEvent = (id: string, change: Partial<AuditEvent> = {}): AuditEvent =>
  ({ id, actor: { type: 'user', id: 'ada' }, context: { service: 'x' }, ...change }) as AuditEvent;
