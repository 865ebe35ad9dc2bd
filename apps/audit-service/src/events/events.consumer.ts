import { CurrentUser, RequirePermission } from '@gatehouse/access-control';
import { AppendEvents, type AppendResults, AUDIT_APPEND } from '@gatehouse/audit-contracts';
import type { Principal } from '@gatehouse/auth-contracts';
import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { EventAppender } from './event.appender.js';
import { submitterOf } from './submitter.js';

/** What producers' outboxes send. */
@Controller()
export class EventsConsumer {
  constructor(private readonly appender: EventAppender) {}

  @MessagePattern(AUDIT_APPEND)
  @RequirePermission('audit:write')
  async append(
    @Payload({ schema: AppendEvents }) { events }: AppendEvents,
    @CurrentUser() principal: Principal,
  ): Promise<AppendResults> {
    return { results: await this.appender.append(events, submitterOf(principal)) };
  }
}
