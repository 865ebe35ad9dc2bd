import { AuditEvent } from '@gatehouse/audit-contracts';
import { type AuditEntry, composeEvent } from './audit-entry.js';

const origin = {
  id: '019d0000-0000-7000-8000-000000000001',
  category: 'auth',
  producer: 'auth-service',
  now: new Date('2026-03-01T09:30:00.000Z'),
} as const;

const entry: AuditEntry = {
  action: 'auth.login',
  outcome: 'denied',
  reason: 'invalid-credentials',
  actor: { type: 'anonymous' },
  target: { type: 'account', id: 'a1', name: 'Ada' },
  context: { ip: '192.0.2.1', requestId: 'r1' },
  details: { attempt: 3 },
};

describe('composeEvent', () => {
  it('says who, where and when besides what the entry says', () => {
    const event = composeEvent(entry, origin);
    expect(event).toEqual({
      ...entry,
      id: origin.id,
      category: 'auth',
      context: { ip: '192.0.2.1', requestId: 'r1', service: 'auth-service' },
      occurredAt: '2026-03-01T09:30:00.000Z',
      producer: 'auth-service',
    });
    expect(AuditEvent.parse(event)).toEqual(event);
  });

  it('leaves out what is not given', () => {
    const event = composeEvent({ action: 'a.b', outcome: 'success', actor: { type: 'system' } }, origin);
    expect(Object.keys(event).sort()).toEqual([
      ...['action', 'actor', 'category', 'context', 'id', 'occurredAt', 'outcome', 'producer'],
    ]);
  });

  it('makes an event of whatever a stranger put into a header', () => {
    const event = composeEvent(
      {
        ...entry,
        actor: { type: 'user', id: 'u'.repeat(999), name: 'a\0b' },
        target: { type: 'account', id: '' },
        context: { userAgent: `${'x'.repeat(1_023)}😀`, ip: '' },
        details: { email: '\uD800@example.com', nothing: undefined },
      },
      origin,
    );
    expect(AuditEvent.safeParse(event).success).toBe(true);
    expect(event.context.userAgent).toBe(`${'x'.repeat(1_023)}\uFFFD`);
    expect(event.details).toEqual({ email: '\uFFFD@example.com' });
    expect(event.actor.name).toBe('a\uFFFDb');
  });
});
