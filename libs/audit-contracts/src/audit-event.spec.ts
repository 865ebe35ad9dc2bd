import { AppendEvents } from './append-events.js';
import { AuditEvent } from './audit-event.js';
import { SearchEvents } from './search-events.js';

const event = {
  id: '019d0000-0000-7000-8000-000000000001',
  category: 'auth',
  action: 'auth.login',
  outcome: 'success',
  actor: { type: 'user', id: 'u1' },
  context: { service: 'auth-service' },
  occurredAt: '2026-03-01T09:30:00.000Z',
  producer: 'auth-service',
  producerSeq: 0,
};

describe('AuditEvent', () => {
  it('takes a whole event', () => {
    const whole = {
      ...event,
      reason: 'none',
      target: { type: 'session', id: 's1', name: 'laptop' },
      tenant: 't1',
      context: { ...event.context, ip: '::1', userAgent: 'x', sessionId: 's', requestId: 'r', traceId: 't' },
      details: { nested: { list: [1, null] } },
    };
    expect(AuditEvent.parse(whole)).toEqual(whole);
  });

  it.each([
    ['an id that is not a UUIDv7', { id: '5d0c2f1e-1c1b-4b43-9c1e-1e7a3a7d9a10' }],
    ['an unknown category', { category: 'other' }],
    ['an action with a space', { action: 'auth login' }],
    ['an action that ends in a dot', { action: 'auth.' }],
    ['an unknown outcome', { outcome: 'ok' }],
    ['no actor', { actor: undefined }],
    ['a NUL in an identifier', { actor: { type: 'user', id: 'a\0b' } }],
    ['no service', { context: {} }],
    ['a local time', { occurredAt: '2026-03-01T09:30:00+02:00' }],
    ['a negative producerSeq', { producerSeq: -1 }],
    ['details that are a list', { details: [] }],
  ])('refuses %s', (_what, change) => {
    expect(AuditEvent.safeParse({ ...event, ...change }).success).toBe(false);
  });
});

describe('AppendEvents', () => {
  it('leaves each event to be judged alone', () => {
    expect(AppendEvents.safeParse({ events: [event, { broken: true }, 7] }).success).toBe(true);
  });

  it.each([[{}], [{ events: [] }], [{ events: [event], more: 1 }], [{ events: Array(1_001).fill(event) }]])(
    'refuses a batch that is none: %#',
    (batch) => {
      expect(AppendEvents.safeParse(batch).success).toBe(false);
    },
  );
});

describe('SearchEvents', () => {
  it('has defaults and reads numbers', () => {
    expect(SearchEvents.parse({})).toEqual({ limit: 50, order: 'desc' });
    expect(SearchEvents.parse({ limit: '200', action: 'auth.*' })).toMatchObject({
      limit: 200,
      action: 'auth.*',
    });
  });

  it.each([
    [{ limit: '201' }],
    [{ limit: '0' }],
    [{ limit: 'ten' }],
    [{ order: 'sideways' }],
    [{ action: '*' }],
    [{ action: 'auth.%' }],
    [{ from: 'yesterday' }],
    [{ actor: 'u1' }],
    [{ actorId: ['a', 'b'] }],
  ])('refuses %j', (query) => {
    expect(SearchEvents.safeParse(query).success).toBe(false);
  });
});
