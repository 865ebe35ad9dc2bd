import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { Public } from '@gatehouse/access-control';
import { VerifyApiKey, type VerifyApiKeyAnswer } from '@gatehouse/auth-contracts';
import { ApiKeyAuthenticator } from './api-key.authenticator.js';
import { ApiKeyFactsSigner } from './api-key-facts.signer.js';

/** For verifiers. Who asks has the key: no identity is needed beside it. */
@Controller()
@Public()
export class ApiKeysConsumer {
  constructor(
    private readonly authenticator: ApiKeyAuthenticator,
    private readonly signer: ApiKeyFactsSigner,
  ) {}

  @MessagePattern('auth.verify-api-key')
  async verify(@Payload({ schema: VerifyApiKey }) question: VerifyApiKey): Promise<VerifyApiKeyAnswer> {
    const facts = await this.authenticator.find(question);
    return { document: facts === undefined ? null : await this.signer.sign(question.digest, facts) };
  }
}
