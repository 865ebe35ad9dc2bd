import type { AccessRefusal } from '@gatehouse/access-control';
import { RefusalJournal } from './refusal-journal.js';

const now = new Date('2026-03-01T09:30:00.000Z');
const later = new Date(now.getTime() + 30_000);
const refusal = (change: Partial<AccessRefusal> = {}): AccessRefusal => ({
  ...{ status: 403, type: 'insufficient-role', rule: 'role', detail: 'The role "admin" or higher is needed' },
  target: { type: 'route', id: 'GET /v1/things' },
  ip: '203.0.113.7',
  ...change,
});
const unidentified = (ip: string | undefined, id = 'GET /v1/things'): AccessRefusal =>
  refusal({
    status: 401,
    type: 'unauthenticated',
    rule: 'authentication',
    ip,
    target: { type: 'route', id },
  });

describe('RefusalJournal', () => {
  let journal: RefusalJournal;
  beforeEach(() => {
    journal = new RefusalJournal();
  });

  it('has each 403 by itself, with who asked for what', () => {
    const principal = { id: 'ada', type: 'user', sessionId: 's1', permissions: [], clientId: 'c' } as const;
    journal.add(refusal({ principal, requestId: 'r1' }), now);
    journal.add(refusal({ principal }), later);
    const [first, second] = journal.takeDenials();
    expect(first).toMatchObject({
      ...{ action: 'access.denied', outcome: 'denied', reason: 'insufficient-role', occurredAt: now },
      actor: { type: 'user', id: 'ada' },
      target: { type: 'route', id: 'GET /v1/things' },
      context: { ip: '203.0.113.7', sessionId: 's1', requestId: 'r1' },
    });
    expect(second?.occurredAt).toBe(later);
    expect(journal.takeDenials()).toEqual([]);
  });

  it('has the 401s of an address as one', () => {
    journal.add(unidentified('203.0.113.7'), now);
    for (let n = 0; n < 20; n++) journal.add(unidentified('203.0.113.7', `GET /${n}`), later);
    journal.add(unidentified('203.0.113.8'), later);
    expect(journal.takeDenials()).toEqual([]);
    const [first, second] = journal.takeUnidentified();
    expect(first).toMatchObject({
      ...{ action: 'access.unauthenticated', actor: { type: 'anonymous' }, context: { ip: '203.0.113.7' } },
      details: { count: 21, from: now.toISOString(), until: later.toISOString() },
    });
    expect(first?.details?.['targets']).toHaveLength(5);
    expect(second?.details).toMatchObject({ count: 1 });
    expect(journal.takeUnidentified()).toEqual([]);
  });

  it('counts together the addresses that there is no room for', () => {
    for (let n = 0; n < 1_500; n++) journal.add(unidentified(`2001:db8::${n}`), now);
    journal.add(unidentified(undefined), now);
    const entries = journal.takeUnidentified();
    expect(entries).toHaveLength(1_001);
    const others = entries.filter(({ context }) => context === undefined);
    expect(others.map(({ details }) => details?.['count'])).toEqual([501]);
  });

  it('keeps a thousand 403s and counts the others', () => {
    for (let n = 0; n < 1_200; n++) journal.add(refusal(), now);
    expect(journal.dropped).toBe(200);
    const taken = journal.takeDenials();
    expect(taken).toHaveLength(1_000);
    journal.add(refusal(), later);
    journal.putBack(taken);
    expect(journal.dropped).toBe(201);
    expect(journal.takeDenials().at(-1)?.occurredAt).toBe(later);
  });
});
