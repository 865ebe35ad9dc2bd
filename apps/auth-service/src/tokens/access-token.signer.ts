import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { ACCESS_TOKEN_TYPE } from '@gatehouse/access-control';
import { AuthEnvironment } from '../auth.environment.js';
import type { DecidedSession } from '../sessions/session.js';
import { SigningKeyManager } from '../signing-keys/signing-key.manager.js';
import { ActiveKeySigner } from './active-key.signer.js';
import { accessTokenClaims, serviceTokenClaims } from './token-claims.js';

/** Signs access tokens with the active signing key. */
@Injectable()
export class AccessTokenSigner {
  constructor(
    private readonly signer: ActiveKeySigner,
    private readonly signingKeys: SigningKeyManager,
    private readonly environment: AuthEnvironment,
  ) {}

  /** Seconds that an access token lives. */
  get lifetimeSeconds(): number {
    return this.environment.accessTokenSeconds;
  }

  /** A user's token, dated by the decision that Redis took on the session. */
  signForSession(session: DecidedSession): Promise<string> {
    return this.signer.sign(accessTokenClaims(session, this.rules()), ACCESS_TOKEN_TYPE);
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
    return this.signer.sign(serviceTokenClaims(service, { ...this.rules(), now }), ACCESS_TOKEN_TYPE);
  }

  private rules() {
    const { ISSUER, AUDIENCE } = this.environment.variables;
    return { issuer: ISSUER, audience: AUDIENCE, lifetimeSeconds: this.lifetimeSeconds, jti: randomUUID() };
  }
}
