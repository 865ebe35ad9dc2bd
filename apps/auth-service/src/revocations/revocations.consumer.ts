import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import type { AuthRequests } from '@gatehouse/auth-contracts';
import { RevocationManager } from './revocation.manager.js';

/** Any caller with a valid token may know: a revocation names ids and no secrets. */
@Controller()
export class RevocationsConsumer {
  constructor(private readonly revocations: RevocationManager) {}

  /** Every revocation in force, for verifiers that begin or missed some. */
  @MessagePattern('auth.revocations')
  async inForce(): Promise<AuthRequests['auth.revocations']['answer']> {
    return { revocations: await this.revocations.inForce() };
  }
}
