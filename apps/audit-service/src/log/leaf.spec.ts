import { createHash } from 'node:crypto';
import type { AuditEvent } from '@gatehouse/audit-contracts';
import { anEntry, keyOfSubject, keysOf } from '../../test/an-entry.js';
import type { SubjectKey } from '../personal-data/sealed-part.js';
import { keyIdsOf, LeafTooLargeError, MAX_LEAF_BYTES, openRecord, readLeaf } from './leaf.js';

const event: AuditEvent = {
  id: '019d0000-0000-7000-8000-000000000001',
  category: 'auth',
  action: 'auth.login',
  outcome: 'success',
  actor: { type: 'user', id: 'ada' },
  context: { service: 'auth-service' },
  occurredAt: '2026-03-01T09:30:00Z',
  producer: 'auth-service',
};
const now = new Date('2026-03-01T09:30:01.000Z');

describe('a log entry', () => {
  const full: AuditEvent = {
    ...event,
    actor: { type: 'user', id: 'ada', name: 'Ada Lovelace' },
    target: { type: 'user', id: 'bob', name: 'Bob' },
    context: { service: 'auth-service', ip: '203.0.113.7', userAgent: 'curl/8' },
    details: { a: 1, personal: { email: 'ada@example.test' } },
  };

  it('is a version byte and canonical JSON, hashed as a leaf of RFC 6962', () => {
    const { leaf, leafHash } = anEntry(event, 'auth-service', now);
    expect(leaf[0]).toBe(1);
    expect(leaf.toString('utf8', 1)).toBe(
      '{"action":"auth.login","actor":{"id":"ada","type":"user"},"category":"auth","context":{"service":"auth-service"},' +
        '"id":"019d0000-0000-7000-8000-000000000001","occurredAt":"2026-03-01T09:30:00Z","outcome":"success",' +
        '"producer":"auth-service","receivedAt":"2026-03-01T09:30:01.000Z","submittedBy":"auth-service"}',
    );
    const expected = createHash('sha256').update(Buffer.concat([Buffer.of(0), leaf]));
    expect(leafHash).toEqual(expected.digest());
  });

  it('has nothing of a person in clear, in any of its parts but what is never kept', () => {
    const { content, ...kept } = anEntry(full, 'auth-service', now);
    expect(content).toContain('Ada Lovelace');
    const all = JSON.stringify({ ...kept, leaf: kept.leaf.toString('latin1') });
    for (const personal of ['Lovelace', 'Bob', '203.0.113.7', 'curl', 'example.test'])
      expect(all).not.toContain(personal);
    expect(kept.network).toBe('203.0.113.0/24');
  });

  it('reads back as it was told, by its keys', () => {
    const { leaf } = anEntry(full, 'auth-service', now);
    const keys = new Map([...keysOf(full).values()].map((key) => [key.id, key]));
    expect(openRecord(readLeaf(leaf), keys)).toEqual({
      ...full,
      receivedAt: now.toISOString(),
      submittedBy: 'auth-service',
    });
  });

  it('says what was erased, and leaves the rest', () => {
    const { leaf } = anEntry(full, 'auth-service', now);
    const record = readLeaf(leaf);
    const [ada, bob] = [keyOfSubject('user:ada'), keyOfSubject('user:bob')];
    expect(keyIdsOf(record)).toEqual([ada.id, bob.id]);
    const opened = openRecord(
      record,
      new Map<string, SubjectKey | 'destroyed'>([
        [ada.id, 'destroyed'],
        [bob.id, bob],
      ]),
    );
    expect(opened).toMatchObject({ erased: ['actor'], actor: { id: 'ada' }, target: { name: 'Bob' } });
    expect(opened.actor).not.toHaveProperty('name');
    expect(opened.details).toEqual({ a: 1 });
  });

  it('opens no part that stood in another event', () => {
    const other = { ...full, id: '019d0000-0000-7000-8000-000000000002' };
    const moved = { ...readLeaf(anEntry(other).leaf), sealed: readLeaf(anEntry(full).leaf).sealed };
    const keys = new Map([...keysOf(full).values()].map((key) => [key.id, key]));
    expect(() => openRecord(moved, keys)).toThrow();
  });

  it('has the same content whenever and by whomever it is sent again', () => {
    const first = anEntry(full, 'auth-service', now);
    const again = anEntry({ ...full }, 'relay', new Date('2026-03-02T00:00:00Z'));
    expect(again.contentDigest).toEqual(first.contentDigest);
    expect(again.leafHash).not.toEqual(first.leafHash);
    const other = anEntry({ ...full, details: { a: 2 } }, 'auth-service', now);
    expect(other.contentDigest).not.toEqual(first.contentDigest);
  });

  it('fits a tile bundle to the byte', () => {
    const bytes = (text: string) => anEntry({ ...event, details: { text } }, 'auth-service', now).leaf.length;
    const room = MAX_LEAF_BYTES - bytes('');
    expect(bytes('x'.repeat(room))).toBe(MAX_LEAF_BYTES);
    expect(() => bytes('x'.repeat(room + 1))).toThrow(LeafTooLargeError);
  });
});
