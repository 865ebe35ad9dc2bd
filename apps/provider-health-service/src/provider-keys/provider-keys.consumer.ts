import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { CurrentUser, RequirePermission } from '@gatehouse/access-control';
import type { Principal } from '@gatehouse/auth-contracts';
import { type ReleasedProviderKey, UseProviderKey } from '@gatehouse/provider-health-contracts';
import { RedisTransportContext } from '@gatehouse/redis-transport';
import { KeyReleaser } from './key.releaser.js';

/** For services that call providers. */
@Controller()
export class ProviderKeysConsumer {
  constructor(private readonly releaser: KeyReleaser) {}

  @MessagePattern('providers.use-key')
  @RequirePermission('providers:use-key')
  useKey(
    @Payload({ schema: UseProviderKey }) asked: UseProviderKey,
    @CurrentUser() by: Principal,
    @Ctx() context: RedisTransportContext,
  ): Promise<ReleasedProviderKey> {
    return this.releaser.release(asked, by, context.getMessageId());
  }
}
