import type { AuditEntry } from '@gatehouse/audit-client';
import type { RequestContext } from '@gatehouse/service-bootstrap';

const EVENTS = {
  rotated: { action: 'auth.refresh', outcome: 'success' },
  replayed: { action: 'auth.refresh', outcome: 'success', reason: 'answer-repeated' },
  gone: { action: 'auth.refresh', outcome: 'failure', reason: 'session-ended' },
  reused: { action: 'auth.refresh-reuse', outcome: 'denied', reason: 'refresh-token-reused' },
} as const;

/** What the audit trail is told of a refresh token that was shown. */
export function refreshEvent(
  decision: keyof typeof EVENTS,
  of: { userId: string; sessionId: string },
  request: RequestContext,
): AuditEntry {
  const context = { ...request, sessionId: of.sessionId };
  return { ...EVENTS[decision], actor: { type: 'user', id: of.userId }, context };
}
