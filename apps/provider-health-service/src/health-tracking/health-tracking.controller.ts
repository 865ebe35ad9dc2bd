import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { RequirePermission } from '@gatehouse/access-control';
import {
  FailureBody,
  ProviderName,
  type ProviderStatus,
  SuccessBody,
} from '@gatehouse/provider-health-contracts';
import { ProviderHealthTracker } from './provider-health.tracker.js';

@Controller('v1/providers/:name')
export class HealthTrackingController {
  constructor(private readonly tracker: ProviderHealthTracker) {}

  @Get('status')
  @RequirePermission('providers:read')
  status(@Param('name', { schema: ProviderName }) name: string): Promise<ProviderStatus> {
    return this.tracker.getProviderStatus(name);
  }

  /** Reports a call that was served. */
  @Post('successes')
  @RequirePermission('providers:report')
  @HttpCode(200)
  success(
    @Param('name', { schema: ProviderName }) name: string,
    @Body({ schema: SuccessBody }) body: SuccessBody,
  ): Promise<ProviderStatus> {
    return this.tracker.recordProviderSuccess(name, body);
  }

  /** Reports a call that was not. */
  @Post('failures')
  @RequirePermission('providers:report')
  @HttpCode(200)
  failure(
    @Param('name', { schema: ProviderName }) name: string,
    @Body({ schema: FailureBody }) body: FailureBody,
  ): Promise<ProviderStatus> {
    return this.tracker.recordProviderFailure(name, body);
  }
}
