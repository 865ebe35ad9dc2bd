import { Controller, HttpCode, Param, Post } from '@nestjs/common';
import { RequirePermission } from '@gatehouse/access-control';
import { type HealthCheckAnswer, ProviderName } from '@gatehouse/provider-health-contracts';
import { ProviderHealthTracker } from '../health-tracking/provider-health.tracker.js';

@Controller('v1/providers/:name/check')
export class HealthChecksController {
  constructor(private readonly tracker: ProviderHealthTracker) {}

  /** Checks the provider now; the result counts. */
  @Post()
  @RequirePermission('providers:write')
  @HttpCode(200)
  check(@Param('name', { schema: ProviderName }) name: string): Promise<HealthCheckAnswer> {
    return this.tracker.performHealthCheck(name);
  }
}
