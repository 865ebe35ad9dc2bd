import { Injectable } from '@nestjs/common';
import { API_KEY_DOCUMENT_TYPE } from '@gatehouse/access-control';
import type { ApiKeyFacts } from '@gatehouse/auth-contracts';
import { AuthEnvironment } from '../auth.environment.js';
import { SigningKeyManager } from '../signing-keys/signing-key.manager.js';
import { ActiveKeySigner } from '../tokens/active-key.signer.js';

/** Signs what verifiers are told of API keys, dated by the clock that the keys go by. */
@Injectable()
export class ApiKeyFactsSigner {
  constructor(
    private readonly signer: ActiveKeySigner,
    private readonly signingKeys: SigningKeyManager,
    private readonly environment: AuthEnvironment,
  ) {}

  /** A JWS that verifiers take for a minute. */
  async sign(digest: string, key: ApiKeyFacts): Promise<string> {
    const iat = Math.floor((await this.signingKeys.now()).getTime() / 1000);
    return this.signer.sign(
      { iss: this.environment.variables.ISSUER, iat, digest, key },
      API_KEY_DOCUMENT_TYPE,
    );
  }
}
