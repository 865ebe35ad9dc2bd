import type { AuditEvent } from '@gatehouse/audit-contracts';
import type { LogEntry } from './log-entry.js';

/** The event that tells of an id that was sent a second time with other content. */
export function conflictEvent(
  { event, submittedBy, contentDigest }: LogEntry,
  origin: { id: string; producer: string; now: Date },
): AuditEvent {
  return {
    id: origin.id,
    category: 'audit',
    action: 'audit.conflict',
    outcome: 'denied',
    reason: 'id-in-use',
    actor: { type: 'service', id: submittedBy },
    target: { type: 'audit-event', id: event.id },
    context: { service: origin.producer },
    details: { refusedContentDigest: contentDigest.toString('base64') },
    occurredAt: origin.now.toISOString(),
    producer: origin.producer,
  };
}
