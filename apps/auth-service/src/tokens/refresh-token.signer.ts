import { createSecretKey, type KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { isSignedBy, readCompactJws, refusalOf, RevocationFeed } from '@gatehouse/access-control';
import { deriveKey, keyId } from '@gatehouse/envelope-encryption';
import { z } from 'zod';
import { AuthEnvironment } from '../auth.environment.js';
import type { DecidedSession } from '../sessions/session.js';
import { REFRESH_TOKEN_TYPE, type RefreshTokenClaims, refreshTokenClaims } from './token-claims.js';
import { InvalidRefreshTokenError } from './tokens.errors.js';

const Claims = z.object({
  sub: z.string(),
  type: z.literal('refresh'),
  sid: z.string(),
  jti: z.string(),
  counter: z.number().int().min(0),
  iat: z.number(),
  exp: z.number(),
  iss: z.string(),
  aud: z.string(),
});

interface RefreshKey {
  kid: string;
  secret: KeyObject;
}

/** A token that Redis dated a moment ahead of this clock, or that ends in this moment, is for the session to judge. */
const TOLERANCE_MS = 5_000;

/**
 * Signs and verifies refresh tokens with a key that only auth-service has, derived from `ENCRYPTION_KEY`: no verifier of
 * access tokens can issue one, and a change of the signing keys logs nobody out.
 */
@Injectable()
export class RefreshTokenSigner {
  private readonly keys: readonly RefreshKey[];
  private readonly issuer: string;

  constructor(
    private readonly jwt: JwtService,
    environment: AuthEnvironment,
    private readonly revocations: RevocationFeed,
  ) {
    this.issuer = environment.variables.ISSUER;
    this.keys = environment.encryptionKeys.map((secret) => ({
      kid: keyId(secret),
      secret: createSecretKey(deriveKey(secret, 'refresh-token')),
    }));
  }

  /** The session's newest refresh token: the same session gives the same token. */
  sign(session: DecidedSession): string {
    const [key] = this.keys as [RefreshKey];
    return this.jwt.sign(refreshTokenClaims(session, this.issuer), {
      algorithm: 'HS256',
      // As an object: of bytes jsonwebtoken tries first whether they are a private key, which takes longer than all else.
      privateKey: key.secret,
      keyid: key.kid,
      header: { alg: 'HS256', typ: REFRESH_TOKEN_TYPE },
    });
  }

  /** @throws InvalidRefreshTokenError */
  verify(token: string): RefreshTokenClaims {
    const jws = readCompactJws(token);
    const key = this.keys.find(({ kid }) => kid === jws?.header.kid);
    if (jws === undefined || key === undefined)
      throw new InvalidRefreshTokenError('not a strict compact JWS of this key');
    const { header, claims, signed, signature } = jws;
    if (header.alg !== 'HS256' || header.typ !== REFRESH_TOKEN_TYPE)
      throw new InvalidRefreshTokenError('not a refresh token');
    if (!isSignedBy({ alg: 'HS256', key: key.secret }, signed, signature))
      throw new InvalidRefreshTokenError('not signed by this key');
    const rules = { issuer: this.issuer, audience: this.issuer };
    const refusal = refusalOf(claims, rules, this.revocations.now() - TOLERANCE_MS);
    if (refusal !== undefined) throw new InvalidRefreshTokenError(refusal);
    const read = Claims.safeParse(claims);
    if (!read.success) throw new InvalidRefreshTokenError(read.error);
    return read.data;
  }
}
