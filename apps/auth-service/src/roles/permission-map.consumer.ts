import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { Public } from '@gatehouse/access-control';
import { AskPermissionMap, type AuthRequests } from '@gatehouse/auth-contracts';
import { PermissionMapPublisher } from './permission-map.publisher.js';

/** For verifiers that begin or missed some; what roles come to is no secret. */
@Controller()
@Public()
export class PermissionMapConsumer {
  constructor(private readonly maps: PermissionMapPublisher) {}

  @MessagePattern('auth.permission-map')
  async get(
    @Payload({ schema: AskPermissionMap }) { nonce }: AskPermissionMap,
  ): Promise<AuthRequests['auth.permission-map']['answer']> {
    return { document: await this.maps.document(nonce) };
  }
}
