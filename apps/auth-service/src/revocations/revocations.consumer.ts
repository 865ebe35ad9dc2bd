import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { Public } from '@gatehouse/access-control';
import { ListRevocations, type RevocationsAnswer } from '@gatehouse/auth-contracts';
import { RevocationManager } from './revocation.manager.js';

/** For anybody on the transport: a revocation names ids and no secrets. */
@Controller()
@Public()
export class RevocationsConsumer {
  constructor(private readonly revocations: RevocationManager) {}

  /** The revocations in force, for verifiers that begin or missed some. */
  @MessagePattern('auth.revocations')
  inForce(@Payload({ schema: ListRevocations }) { after }: ListRevocations): Promise<RevocationsAnswer> {
    return this.revocations.inForce(after);
  }
}
