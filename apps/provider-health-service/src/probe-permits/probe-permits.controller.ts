import { Controller, Param, Post } from '@nestjs/common';
import { RequirePermission } from '@gatehouse/access-control';
import { type ProbePermit, ProviderName } from '@gatehouse/provider-health-contracts';
import { ProbePermitManager } from './probe-permit.manager.js';

@Controller('v1/providers/:name/permits')
export class ProbePermitsController {
  constructor(private readonly permits: ProbePermitManager) {}

  /** A permit to call a half-open provider, to be given with the outcome; null where none is needed. */
  @Post()
  @RequirePermission('providers:report')
  acquire(@Param('name', { schema: ProviderName }) name: string): Promise<ProbePermit> {
    return this.permits.acquire(name);
  }
}
