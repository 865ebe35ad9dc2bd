import type { AuditEvent } from '@gatehouse/audit-contracts';
import fc from 'fast-check';
import { joinPersonal, splitPersonal } from './personal-fields.js';

const text = fc.string({ minLength: 1, maxLength: 20 });
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

const events = fc
  .record({
    name: optional(text),
    ip: optional(text),
    userAgent: optional(text),
    details: optional(fc.dictionary(text, fc.jsonValue(), { noNullPrototype: true })),
    personal: optional(fc.jsonValue()),
    target: optional(fc.record({ name: optional(text) })),
  })
  .map(({ name, ip, userAgent, details, personal, target }): AuditEvent => {
    const all = personal === undefined ? details : { ...details, personal };
    return JSON.parse(
      JSON.stringify({
        ...{ id: 'e', category: 'auth', action: 'auth.login', outcome: 'success' },
        actor: { type: 'user', id: 'ada', name },
        ...(target && { target: { type: 'user', id: 'bob', name: target.name } }),
        context: { service: 'auth-service', requestId: 'r', ip, userAgent },
        ...(all && { details: all }),
        ...{ occurredAt: '2026-03-01T09:30:00Z', producer: 'auth-service' },
      }),
    ) as AuditEvent;
  });

describe('splitPersonal', () => {
  it('leaves ids, and nothing of a person', () => {
    const { open, personal } = splitPersonal({
      ...{ id: 'e', category: 'auth', action: 'auth.login', outcome: 'success' },
      actor: { type: 'user', id: 'ada', name: 'Ada' },
      target: { type: 'user', id: 'bob', name: 'Bob' },
      context: { service: 'auth-service', ip: '203.0.113.7', userAgent: 'curl/8', sessionId: 's' },
      details: { a: 1, personal: { email: 'ada@example.test' } },
      ...{ occurredAt: '2026-03-01T09:30:00Z', producer: 'auth-service' },
    });
    expect(open).toEqual({
      ...{ id: 'e', category: 'auth', action: 'auth.login', outcome: 'success' },
      actor: { type: 'user', id: 'ada' },
      target: { type: 'user', id: 'bob' },
      context: { service: 'auth-service', sessionId: 's' },
      details: { a: 1 },
      ...{ occurredAt: '2026-03-01T09:30:00Z', producer: 'auth-service' },
    });
    expect(personal).toEqual({
      actor: {
        ...{ name: 'Ada', ip: '203.0.113.7', userAgent: 'curl/8' },
        personal: { email: 'ada@example.test' },
      },
      target: { name: 'Bob' },
    });
  });

  it('can be undone, for any event', () => {
    fc.assert(
      fc.property(events, (event) => {
        const { open, personal } = splitPersonal(event);
        const joined = joinPersonal(open, personal);
        // Details that held nothing else are not there without it.
        expect({ ...joined, details: joined.details ?? {} }).toEqual({
          ...event,
          details: event.details ?? {},
        });
      }),
    );
  });
});
