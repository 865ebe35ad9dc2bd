import { createHmac } from 'node:crypto';
import { JwtService } from '@nestjs/jwt';
import type { RevocationFeed } from '@gatehouse/access-control';
import { deriveKey, keyId } from '@gatehouse/envelope-encryption';
import { AuthEnvironment } from '../auth.environment.js';
import type { DecidedSession } from '../sessions/session.js';
import { RefreshTokenSigner } from './refresh-token.signer.js';
import { InvalidRefreshTokenError } from './tokens.errors.js';

const SECRET = Buffer.alloc(32, 1).toString('base64');
const OLDER_SECRET = Buffer.alloc(32, 2).toString('base64');
const ISSUER = 'https://platform.test';

const signerOf = (...secrets: string[]) =>
  new RefreshTokenSigner(
    new JwtService(),
    AuthEnvironment.read({ ENCRYPTION_KEY: secrets.join(','), ISSUER, DATABASE_URL: 'postgres://nowhere' }),
    { now: () => Date.now() } as RevocationFeed,
  );

const now = Date.now();
const session: DecidedSession = {
  ...{ id: 's1', userId: 'u1', role: 'user', epoch: 0, counter: 3, device: { ip: '127.0.0.1' } },
  ...{ createdAt: now, lastSeenAt: now, rotatedAt: now, decidedAt: now, expiresAt: now + 60_000 },
};

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const claims = {
  ...{ sub: 'u1', type: 'refresh', sid: 's1', jti: 's1.3', counter: 3 },
  ...{ iat: Math.floor(now / 1000), exp: Math.floor(now / 1000) + 60, iss: ISSUER, aud: ISSUER },
};
const header = { alg: 'HS256', kid: keyId(SECRET), typ: 'rt+jwt' };

function forged(changes: { header?: object; claims?: object; secret?: string; hash?: string }): string {
  const input = `${encode({ ...header, ...changes.header })}.${encode({ ...claims, ...changes.claims })}`;
  const key = deriveKey(changes.secret ?? SECRET, 'refresh-token');
  return `${input}.${createHmac(changes.hash ?? 'sha256', key)
    .update(input)
    .digest('base64url')}`;
}

describe('RefreshTokenSigner', () => {
  const signer = signerOf(SECRET);
  const token = signer.sign(session);

  it('reads what it has signed, and signs a session the same each time', () => {
    expect(signer.verify(token)).toEqual(claims);
    expect(signer.sign(session)).toBe(token);
  });

  it('reads what was signed with an earlier secret for as long as it has it', () => {
    const older = signerOf(OLDER_SECRET).sign(session);
    expect(signerOf(SECRET, OLDER_SECRET).verify(older)).toEqual(claims);
    expect(() => signer.verify(older)).toThrow(InvalidRefreshTokenError);
  });

  it('leaves the moment around the expiry to the session', () => {
    const at = (seconds: number) => forged({ claims: { exp: Math.floor(Date.now() / 1000) + seconds } });
    expect(signer.verify(at(-2)).sid).toBe('s1');
    expect(() => signer.verify(at(-7))).toThrow(InvalidRefreshTokenError);
  });

  it('takes what is forged right for its own: the others below are refused for what is changed in them', () => {
    expect(signer.verify(forged({}))).toEqual(claims);
  });

  const [head = '', payload = '', signature = ''] = token.split('.');
  it.each([
    ['another secret under the same kid', forged({ secret: OLDER_SECRET })],
    ['another algorithm of the same key', forged({ header: { alg: 'HS512' }, hash: 'sha512' })],
    ['an algorithm that it was not signed by', forged({ header: { alg: 'HS512' } })],
    ['alg none', `${encode({ ...header, alg: 'none' })}.${payload}.${signature}`],
    ['the typ of an access token', forged({ header: { typ: 'at+jwt' } })],
    ['the long typ', forged({ header: { typ: 'application/rt+jwt' } })],
    ['another kid', forged({ header: { kid: 'k' } })],
    ['a header parameter more', forged({ header: { zip: 'DEF' } })],
    ['another issuer', forged({ claims: { iss: 'https://platform.test.evil' } })],
    ['another audience', forged({ claims: { aud: 'gatehouse' } })],
    ['a list of audiences', forged({ claims: { aud: [ISSUER] } })],
    ['a time before which it is not valid', forged({ claims: { nbf: claims.iat + 600 } })],
    ['no expiry', forged({ claims: { exp: undefined } })],
    ['the type of an access token', forged({ claims: { type: 'access' } })],
    ['a counter below zero', forged({ claims: { counter: -1 } })],
    ['another payload', `${head}.${encode({ ...claims, sub: 'u2' })}.${signature}`],
    ['half a signature', `${head}.${payload}.${signature.slice(0, 22)}`],
    ['a newline', `${token}\n`],
  ])('refuses %s', (_case, refused) => {
    expect(() => signer.verify(refused)).toThrow(InvalidRefreshTokenError);
  });
});
