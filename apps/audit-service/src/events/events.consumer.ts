import { CurrentUser, RequirePermission } from '@gatehouse/access-control';
import { AppendEvents, type AppendResults, AUDIT_APPEND, AUDIT_RECORDED } from '@gatehouse/audit-contracts';
import type { Principal } from '@gatehouse/auth-contracts';
import { Controller } from '@nestjs/common';
import { EventPattern, MessagePattern, Payload } from '@nestjs/microservices';
import { EventAppender } from './event.appender.js';
import { submitterOf } from './submitter.js';

/** What producers send: those with a database from their outboxes, those without one by one. */
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

  /** Judged as an append of one; what is no event goes to the quarantine. */
  @EventPattern<string>(AUDIT_RECORDED)
  @RequirePermission('audit:write')
  async record(@Payload() event: unknown, @CurrentUser() principal: Principal): Promise<void> {
    await this.appender.append([event], submitterOf(principal));
  }
}
