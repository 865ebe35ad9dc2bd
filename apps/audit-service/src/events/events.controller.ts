import { CurrentUser, RequirePermission } from '@gatehouse/access-control';
import {
  AppendEvents,
  type AppendResults,
  AuditEventId,
  type AuditRecord,
  type AuditRecordPage,
  MAX_APPEND_BYTES,
  SearchEvents,
} from '@gatehouse/audit-contracts';
import type { Principal } from '@gatehouse/auth-contracts';
import { CurrentRequest, type RequestContext } from '@gatehouse/service-bootstrap';
import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { EventAppender } from './event.appender.js';
import { EventSearcher } from './event.searcher.js';
import { submitterOf } from './submitter.js';

@ApiTags('events')
@ApiBearerAuth()
@Controller('v1/audit/events')
export class EventsController {
  constructor(
    private readonly appender: EventAppender,
    private readonly searcher: EventSearcher,
  ) {}

  @Post()
  @HttpCode(200)
  @RequirePermission('audit:write')
  @RouteConfig({ bodyLimit: MAX_APPEND_BYTES })
  async append(
    @Body({ schema: AppendEvents }) { events }: AppendEvents,
    @CurrentUser() principal: Principal,
  ): Promise<AppendResults> {
    return { results: await this.appender.append(events, submitterOf(principal)) };
  }

  @Get()
  @RequirePermission('audit:read')
  search(
    @Query({ schema: SearchEvents }) query: SearchEvents,
    @CurrentUser() principal: Principal,
    @CurrentRequest() request: RequestContext,
  ): Promise<AuditRecordPage> {
    return this.searcher.search(query, { principal, ...request });
  }

  @Get(':id')
  @RequirePermission('audit:read')
  get(
    @Param('id', { schema: AuditEventId }) id: string,
    @CurrentUser() principal: Principal,
    @CurrentRequest() request: RequestContext,
  ): Promise<AuditRecord> {
    return this.searcher.get(id, { principal, ...request });
  }
}
