import { Injectable } from '@nestjs/common';
import { SigningKeyManager } from '../signing-keys/signing-key.manager.js';
import { AccessTokenSigner } from './access-token.signer.js';

const SELF = { id: 'auth-service', permissions: ['audit:write'] };

/**
 * The token by which auth-service sends messages: the same for a quarter of its life, which spares a signature for each
 * message here and its check there. Another signing key has it signed anew at once.
 */
@Injectable()
export class OwnIdentity {
  private held?: { token: string; kid: string; signedAt: number };

  constructor(
    private readonly accessTokens: AccessTokenSigner,
    private readonly signingKeys: SigningKeyManager,
  ) {}

  async token(): Promise<string> {
    const { kid } = await this.signingKeys.active();
    const keptMs = (this.accessTokens.lifetimeSeconds * 1000) / 4;
    const signedAt = performance.now();
    if (this.held?.kid !== kid || signedAt - this.held.signedAt > keptMs) {
      this.held = { token: await this.accessTokens.signForService(SELF), kid, signedAt };
    }
    return this.held.token;
  }
}
