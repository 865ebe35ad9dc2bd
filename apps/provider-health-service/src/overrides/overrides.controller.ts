import { Body, Controller, Delete, Param, Put } from '@nestjs/common';
import { CurrentUser, RequirePermission } from '@gatehouse/access-control';
import type { Principal } from '@gatehouse/auth-contracts';
import { OverrideBody, ProviderName, type ProviderStatus } from '@gatehouse/provider-health-contracts';
import { CurrentRequest, type RequestContext } from '@gatehouse/service-bootstrap';
import { OverrideManager } from './override.manager.js';

@Controller('v1/providers/:name/override')
@RequirePermission('providers:override')
export class OverridesController {
  constructor(private readonly overrides: OverrideManager) {}

  /** Says what the provider is, whatever its outcomes, until it is lifted or `until` has come. */
  @Put()
  put(
    @Param('name', { schema: ProviderName }) name: string,
    @Body({ schema: OverrideBody }) body: OverrideBody,
    @CurrentUser() user: Principal,
    @CurrentRequest() request: RequestContext,
  ): Promise<ProviderStatus> {
    return this.overrides.put(name, body, user, request);
  }

  /** The provider is again what its outcomes made of it. */
  @Delete()
  lift(
    @Param('name', { schema: ProviderName }) name: string,
    @CurrentUser() user: Principal,
    @CurrentRequest() request: RequestContext,
  ): Promise<ProviderStatus> {
    return this.overrides.lift(name, user, request);
  }
}
