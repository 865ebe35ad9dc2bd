import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { CurrentUser, RequirePermission } from '@gatehouse/access-control';
import type { Principal } from '@gatehouse/auth-contracts';
import { MarkBody, ProviderName, type ProviderStatus } from '@gatehouse/provider-health-contracts';
import { CurrentRequest, type RequestContext } from '@gatehouse/service-bootstrap';
import { MarkManager } from './mark.manager.js';

@Controller('v1/providers/:name/marks')
export class MarksController {
  constructor(private readonly marks: MarkManager) {}

  /** Makes the provider healthy, degraded or unhealthy, once: outcomes go on counting. */
  @Post()
  @RequirePermission('providers:override')
  @HttpCode(200)
  mark(
    @Param('name', { schema: ProviderName }) name: string,
    @Body({ schema: MarkBody }) body: MarkBody,
    @CurrentUser() user: Principal,
    @CurrentRequest() request: RequestContext,
  ): Promise<ProviderStatus> {
    return this.marks.mark(name, body, user, request);
  }
}
