import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { ACCESS_TOKEN_TYPE, withLowS } from '@gatehouse/access-control';
import { AuthEnvironment } from '../auth.environment.js';
import type { DecidedSession } from '../sessions/session.js';
import { SigningKeyManager } from '../signing-keys/signing-key.manager.js';
import { accessTokenClaims, serviceTokenClaims } from './token-claims.js';

/** Signs access tokens with the active signing key. */
@Injectable()
export class AccessTokenSigner {
  constructor(
    private readonly jwt: JwtService,
    private readonly signingKeys: SigningKeyManager,
    private readonly environment: AuthEnvironment,
  ) {}

  /** Seconds that an access token lives. */
  get lifetimeSeconds(): number {
    return this.environment.accessTokenSeconds;
  }

  /** A user's token, dated by the decision that Redis took on the session. */
  signForSession(session: DecidedSession): Promise<string> {
    return this.sign(accessTokenClaims(session, this.rules()));
  }

  /**
   * A service's own token, dated by the clock that its key goes by.
   *
   * @param service `decidedAt`: when it was found out that it may have one, milliseconds since 1970
   */
  async signForService(service: {
    id: string;
    permissions: readonly string[];
    epoch?: number;
    decidedAt?: number;
  }): Promise<string> {
    const now = service.decidedAt ?? (await this.signingKeys.now()).getTime();
    return this.sign(serviceTokenClaims(service, { ...this.rules(), now }));
  }

  private rules() {
    const { ISSUER, AUDIENCE } = this.environment.variables;
    return { issuer: ISSUER, audience: AUDIENCE, lifetimeSeconds: this.lifetimeSeconds, jti: randomUUID() };
  }

  private async sign(claims: object): Promise<string> {
    const { kid, algorithm, key } = await this.signingKeys.active();
    // The key as an object, a shared secret too: of bytes jsonwebtoken tries first whether they are a private key.
    const token = this.jwt.sign(claims, {
      ...{ privateKey: key, algorithm, keyid: kid },
      header: { alg: algorithm, typ: ACCESS_TOKEN_TYPE },
    });
    return algorithm === 'ES256' ? withLowS(token) : token;
  }
}
