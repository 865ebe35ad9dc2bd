import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { Public, REVOCATIONS_TYPE } from '@gatehouse/access-control';
import { type AuthRequests, ListRevocations } from '@gatehouse/auth-contracts';
import { AuthEnvironment } from '../auth.environment.js';
import { SigningKeyManager } from '../signing-keys/signing-key.manager.js';
import { ActiveKeySigner } from '../tokens/active-key.signer.js';
import { RevocationManager } from './revocation.manager.js';

/**
 * For anybody on the transport: a revocation names ids and no secrets. What is answered is signed: whoever else takes the
 * question from the stream cannot leave a revocation out.
 */
@Controller()
@Public()
export class RevocationsConsumer {
  constructor(
    private readonly revocations: RevocationManager,
    private readonly signer: ActiveKeySigner,
    private readonly signingKeys: SigningKeyManager,
    private readonly environment: AuthEnvironment,
  ) {}

  /** The revocations in force, for verifiers that begin or missed some. */
  @MessagePattern('auth.revocations')
  async inForce(
    @Payload({ schema: ListRevocations }) { after, nonce }: ListRevocations,
  ): Promise<AuthRequests['auth.revocations']['answer']> {
    const page = await this.revocations.inForce(after);
    const iat = Math.floor((await this.signingKeys.now()).getTime() / 1000);
    const question = { nonce, ...(after === undefined ? {} : { after }) };
    const claims = { iss: this.environment.variables.ISSUER, iat, ...question, ...page };
    return { document: await this.signer.sign(claims, REVOCATIONS_TYPE) };
  }
}
