import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { CurrentUser, RequirePermission } from '@gatehouse/access-control';
import type { Principal } from '@gatehouse/auth-contracts';
import { MarkProvider, type ProviderStatus } from '@gatehouse/provider-health-contracts';
import { MarkManager } from './mark.manager.js';

@Controller()
export class MarksConsumer {
  constructor(private readonly marks: MarkManager) {}

  @MessagePattern('providers.mark')
  @RequirePermission('providers:override')
  mark(
    @Payload({ schema: MarkProvider }) { name, ...mark }: MarkProvider,
    @CurrentUser() user: Principal,
  ): Promise<ProviderStatus> {
    return this.marks.mark(name, mark, user);
  }
}
