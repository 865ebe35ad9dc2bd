import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { RequirePermission } from '@gatehouse/access-control';
import { AskProvider, type ProbePermit } from '@gatehouse/provider-health-contracts';
import { ProbePermitManager } from './probe-permit.manager.js';

@Controller()
export class ProbePermitsConsumer {
  constructor(private readonly permits: ProbePermitManager) {}

  @MessagePattern('providers.acquire-permit')
  @RequirePermission('providers:report')
  acquire(@Payload({ schema: AskProvider }) { name }: AskProvider): Promise<ProbePermit> {
    return this.permits.acquire(name);
  }
}
