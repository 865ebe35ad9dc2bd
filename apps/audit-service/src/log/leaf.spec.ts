import { createHash } from 'node:crypto';
import type { AuditEvent } from '@gatehouse/audit-contracts';
import { createLogEntry, LeafTooLargeError, MAX_LEAF_BYTES, readLeaf } from './leaf.js';

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
  it('is a version byte and canonical JSON, hashed as a leaf of RFC 6962', () => {
    const { leaf, leafHash } = createLogEntry(event, 'auth-service', now);
    expect(leaf[0]).toBe(1);
    expect(leaf.toString('utf8', 1)).toBe(
      '{"action":"auth.login","actor":{"id":"ada","type":"user"},"category":"auth","context":{"service":"auth-service"},' +
        '"id":"019d0000-0000-7000-8000-000000000001","occurredAt":"2026-03-01T09:30:00Z","outcome":"success",' +
        '"producer":"auth-service","receivedAt":"2026-03-01T09:30:01.000Z","submittedBy":"auth-service"}',
    );
    const expected = createHash('sha256').update(Buffer.concat([Buffer.of(0), leaf]));
    expect(leafHash).toEqual(expected.digest());
  });

  it('reads back as it was told', () => {
    const { leaf, leafHash } = createLogEntry(event, 'auth-service', now);
    expect(readLeaf(leaf, 7, leafHash)).toEqual({
      ...event,
      receivedAt: now.toISOString(),
      submittedBy: 'auth-service',
      seq: 7,
      leafHash: leafHash.toString('base64'),
    });
  });

  it('has the same content whenever and by whomever it is sent again', () => {
    const first = createLogEntry(event, 'auth-service', now);
    const again = createLogEntry({ ...event }, 'relay', new Date('2026-03-02T00:00:00Z'));
    expect(again.contentDigest).toEqual(first.contentDigest);
    expect(again.leafHash).not.toEqual(first.leafHash);
    const other = createLogEntry({ ...event, details: { a: 1 } }, 'auth-service', now);
    expect(other.contentDigest).not.toEqual(first.contentDigest);
  });

  it('fits a tile bundle to the byte', () => {
    const bytes = (text: string) =>
      createLogEntry({ ...event, details: { text } }, 'auth-service', now).leaf.length;
    const room = MAX_LEAF_BYTES - bytes('');
    expect(bytes('x'.repeat(room))).toBe(MAX_LEAF_BYTES);
    expect(() => bytes('x'.repeat(room + 1))).toThrow(LeafTooLargeError);
  });
});
