import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { CurrentUser, RequirePermission } from '@gatehouse/access-control';
import type { Principal } from '@gatehouse/auth-contracts';
import {
  AskProvider,
  type HealthCheckAnswer,
  type ProviderAnswer,
  ScheduleHealthChecks,
} from '@gatehouse/provider-health-contracts';
import { ProviderHealthTracker } from '../health-tracking/provider-health.tracker.js';
import { toProviderAnswer } from '../providers/provider-answer.js';

/** What other services may ask about checks. */
@Controller()
export class HealthChecksConsumer {
  constructor(private readonly tracker: ProviderHealthTracker) {}

  @MessagePattern('providers.check')
  @RequirePermission('providers:write')
  check(@Payload({ schema: AskProvider }) { name }: AskProvider): Promise<HealthCheckAnswer> {
    return this.tracker.performHealthCheck(name);
  }

  @MessagePattern('providers.schedule-checks')
  @RequirePermission('providers:write')
  async schedule(
    @Payload({ schema: ScheduleHealthChecks }) { name, schedule }: ScheduleHealthChecks,
    @CurrentUser() user: Principal,
  ): Promise<ProviderAnswer> {
    return toProviderAnswer(await this.tracker.scheduleHealthChecks(name, schedule, user));
  }
}
