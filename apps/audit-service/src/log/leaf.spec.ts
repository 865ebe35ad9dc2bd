import { createHash } from 'node:crypto';
import type { AuditEvent } from '@gatehouse/audit-contracts';
import fc from 'fast-check';
import { assertCanonical, canonicalJson, NotCanonicalError } from './canonical-json.js';
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

describe('canonicalJson', () => {
  it('is the example of RFC 8785 §3.2.3', () => {
    const value = {
      numbers: [333333333.3333333, 4.5, 2e-3, 0.000000000000000000000000001],
      string: '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"/',
      literals: [null, true, false],
    };
    expect(canonicalJson(value)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,4.5,0.002,1e-27],' +
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });

  it('sorts by UTF-16 code units', () => {
    expect(canonicalJson({ '\u{1f600}': 1, '\ufb33': 2, '\u20ac': 3, '\r': 4, 1: 5 })).toBe(
      '{"\\r":4,"1":5,"€":3,"😀":1,"\ufb33":2}',
    );
  });

  it.each([
    ['an integer beyond 2^53', { n: 2 ** 53 }],
    ['a negative one', [-(2 ** 53)]],
    ['a number that is none', [NaN]],
    ['half a surrogate pair', 'a\uDC00'],
    ['half a pair in a name', { '\uD800': 1 }],
    ['a name that is no ordinary one', JSON.parse('{"__proto__":{"a":1}}') as unknown],
    ['a function', { f: () => 1 }],
    ['a bigint', [1n]],
  ])('refuses %s', (_what, value) => {
    expect(() => assertCanonical(value)).toThrow(NotCanonicalError);
  });

  it('does not depend on the order of fields and can be read back', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'grapheme' }), fc.nat()), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).reverse());
        const text = canonicalJson(value);
        expect(canonicalJson(reversed)).toBe(text);
        expect(JSON.parse(text)).toEqual(value);
      }),
    );
  });
});

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
