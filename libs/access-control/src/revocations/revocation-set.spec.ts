import type { Revocation } from '@gatehouse/auth-contracts';
import type { AccessTokenClaims } from '../tokens/access-token-claims.js';
import { RevocationSet } from './revocation-set.js';

const expiresAt = '2026-01-01T00:00:00.000Z';
const end = Date.parse(expiresAt);
const revokedAt = '2025-12-31T23:45:00.000Z';
const claims = (more: Partial<AccessTokenClaims> = {}): AccessTokenClaims => ({
  sub: 'ada',
  type: 'access',
  client_id: 'gatehouse',
  jti: 'one',
  sid: 'laptop',
  role: 'user',
  epoch: 3,
  ...more,
});

describe('the revocations in force', () => {
  let revoked: RevocationSet;
  beforeEach(() => {
    revoked = new RevocationSet();
  });

  it('have an end, which is told', () => {
    const few = new RevocationSet(3);
    const add = (kind: 'session' | 'account', id: string, epoch?: number) =>
      few.add({ kind, id, epoch, revokedAt, expiresAt });
    add('session', 'a');
    add('account', 'b', 1);
    add('account', 'b', 2);
    expect([few.size, few.isFull]).toEqual([3, false]);
    add('session', 'c');
    expect([few.size, few.isFull]).toEqual([3, true]);
    few.clear();
    expect([few.size, few.isFull]).toEqual([0, false]);
  });

  it('have an end for each account, which costs time', () => {
    for (let epoch = 1; epoch <= 1_001; epoch++)
      revoked.add({ kind: 'account', id: 'ada', epoch, revokedAt, expiresAt });
    expect([revoked.size, revoked.isFull]).toEqual([1_000, true]);
    revoked.dropExpired(end);
    expect(revoked.size).toBe(0);
  });

  it.each([
    ['an unknown kind', { kind: 'constructor' }],
    ['a long id', { id: 'x'.repeat(257) }],
    ['an id that is none', { id: 7 }],
    ['an epoch that is none', { kind: 'account', epoch: '9' }],
    ['a session that is none', { kind: 'account', exceptSession: {} }],
  ])('have none with %s', (_what, changes) => {
    const base = { kind: 'session', id: 'laptop', revokedAt, expiresAt };
    revoked.add({ ...base, ...changes } as unknown as Revocation);
    revoked.add(null as unknown as Revocation);
    expect(revoked.size).toBe(0);
  });

  it('end the tokens of a session and no others', () => {
    revoked.add({ kind: 'session', id: 'laptop', revokedAt, expiresAt });
    expect(revoked.isRevoked(claims())).toBe(true);
    expect(revoked.isRevoked(claims({ sid: 'phone' }))).toBe(false);
    expect(revoked.isRevoked(claims({ sid: undefined, jti: 'laptop' }))).toBe(false);
  });

  it('end one token', () => {
    revoked.add({ kind: 'token', id: 'one', revokedAt, expiresAt });
    expect(revoked.isRevoked(claims())).toBe(true);
    expect(revoked.isRevoked(claims({ jti: 'two' }))).toBe(false);
  });

  it("end an account's tokens of earlier epochs, one session left out", () => {
    revoked.add({ kind: 'account', id: 'ada', epoch: 4, exceptSession: 'phone', revokedAt, expiresAt });
    expect(revoked.isRevoked(claims())).toBe(true);
    expect(revoked.isRevoked(claims({ epoch: undefined }))).toBe(true);
    expect(revoked.isRevoked(claims({ sid: 'phone' }))).toBe(false);
    expect(revoked.isRevoked(claims({ epoch: 4 }))).toBe(false);
    expect(revoked.isRevoked(claims({ sub: 'bob' }))).toBe(false);
  });

  it('hold together: what one leaves out another may end', () => {
    revoked.add({ kind: 'account', id: 'ada', epoch: 4, exceptSession: 'phone', revokedAt, expiresAt });
    revoked.add({ kind: 'account', id: 'ada', epoch: 5, exceptSession: 'laptop', revokedAt, expiresAt });
    expect(revoked.isRevoked(claims({ sid: 'phone', epoch: 4 }))).toBe(true);
    expect(revoked.isRevoked(claims({ sid: 'laptop', epoch: 4 }))).toBe(false);
    expect(revoked.isRevoked(claims({ sid: 'laptop', epoch: 3 }))).toBe(true);
  });

  it('know API keys', () => {
    revoked.add({ kind: 'api-key', id: 'k', revokedAt, expiresAt });
    expect([revoked.hasApiKey('k'), revoked.hasApiKey('l')]).toEqual([true, false]);
    expect(revoked.isRevoked(claims({ sid: 'k', jti: 'k' }))).toBe(false);
  });

  it('leave at their expiry, the later one where there are two', () => {
    const later = new Date(end + 1_000).toISOString();
    for (const at of [later, expiresAt])
      revoked.add({ kind: 'session', id: 'laptop', revokedAt, expiresAt: at });
    revoked.add({ kind: 'account', id: 'ada', epoch: 4, revokedAt, expiresAt });
    revoked.dropExpired(end);
    expect(revoked.size).toBe(1);
    revoked.dropExpired(end + 1_000);
    expect(revoked.size).toBe(0);
  });

  it('leave alone what was done before them', () => {
    const at = Date.parse(revokedAt);
    revoked.add({ kind: 'session', id: 'laptop', revokedAt, expiresAt });
    revoked.add({ kind: 'account', id: 'bob', epoch: 4, revokedAt, expiresAt });
    const bob = claims({ sub: 'bob', sid: 'other' });
    expect([claims(), bob].map((of) => revoked.isRevoked(of, at - 1))).toEqual([false, false]);
    expect([claims(), bob].map((of) => revoked.isRevoked(of, at))).toEqual([true, true]);
  });

  it('are none where they are not dated', () => {
    revoked.add({ kind: 'session', id: 'laptop', revokedAt, expiresAt: 'never' });
    revoked.add({ kind: 'account', id: 'ada', epoch: 4, revokedAt: '', expiresAt });
    expect(revoked.size).toBe(0);
  });
});
