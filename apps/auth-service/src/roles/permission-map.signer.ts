import { Injectable } from '@nestjs/common';
import { PERMISSION_MAP_TYPE } from '@gatehouse/access-control';
import type { PermissionMap } from '@gatehouse/auth-contracts';
import { AuthEnvironment } from '../auth.environment.js';
import { SigningKeyManager } from '../signing-keys/signing-key.manager.js';
import { ActiveKeySigner } from '../tokens/active-key.signer.js';

/** Signs permission maps, dated by the clock that the keys go by. */
@Injectable()
export class PermissionMapSigner {
  constructor(
    private readonly signer: ActiveKeySigner,
    private readonly signingKeys: SigningKeyManager,
    private readonly environment: AuthEnvironment,
  ) {}

  /** A JWS that verifiers take for a minute. @param nonce of the question that it answers */
  async sign({ version, roles }: PermissionMap, nonce?: string): Promise<string> {
    const iat = Math.floor((await this.signingKeys.now()).getTime() / 1000);
    const claims = {
      iss: this.environment.variables.ISSUER,
      iat,
      version,
      roles,
      ...(nonce === undefined ? {} : { nonce }),
    };
    return this.signer.sign(claims, PERMISSION_MAP_TYPE);
  }
}
