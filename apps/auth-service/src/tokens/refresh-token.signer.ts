import { createSecretKey, type KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { readCompactHeader } from '@gatehouse/access-control';
import { deriveKey, keyId } from '@gatehouse/envelope-encryption';
import { jwtVerify } from 'jose';
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
  ) {
    this.issuer = environment.variables.ISSUER;
    this.keys = environment.encryptionKeys.map((secret) => ({
      kid: keyId(secret),
      secret: createSecretKey(deriveKey(secret, 'refresh-token')),
    }));
  }

  /** The session's newest refresh token: the same session gives the same token. */
  async sign(session: DecidedSession): Promise<string> {
    const [key] = this.keys as [RefreshKey];
    return this.jwt.signAsync(refreshTokenClaims(session, this.issuer), {
      algorithm: 'HS256',
      secret: key.secret.export(),
      keyid: key.kid,
      header: { alg: 'HS256', typ: REFRESH_TOKEN_TYPE },
    });
  }

  /** @throws InvalidRefreshTokenError */
  async verify(token: string): Promise<RefreshTokenClaims> {
    const header = readCompactHeader(token);
    const key = this.keys.find((candidate) => candidate.kid === header?.kid);
    if (key === undefined) throw new InvalidRefreshTokenError('not a strict compact JWS of this key');
    try {
      const { payload } = await jwtVerify(token, key.secret, {
        algorithms: ['HS256'],
        typ: REFRESH_TOKEN_TYPE,
        issuer: this.issuer,
        audience: this.issuer,
        // A token that Redis dated a moment ahead of this clock, or that ends in this moment, is for the session to judge.
        clockTolerance: 5,
      });
      return Claims.parse(payload);
    } catch (error) {
      throw new InvalidRefreshTokenError(error);
    }
  }
}
