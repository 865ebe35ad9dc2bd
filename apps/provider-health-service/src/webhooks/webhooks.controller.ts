import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { CurrentUser, RequirePermission } from '@gatehouse/access-control';
import type { Principal } from '@gatehouse/auth-contracts';
import {
  type CreatedWebhook,
  CreateWebhookBody,
  ListWebhooksQuery,
  type Page,
  type RotatedWebhookSecret,
  UpdateWebhookBody,
  type WebhookAnswer,
  WebhookId,
} from '@gatehouse/provider-health-contracts';
import { CurrentRequest, type RequestContext } from '@gatehouse/service-bootstrap';
import { WebhookListing } from './webhook.listing.js';
import { WebhookManager } from './webhook.manager.js';

@Controller('v1/providers/webhooks')
export class WebhooksController {
  constructor(
    private readonly webhooks: WebhookManager,
    private readonly listing: WebhookListing,
  ) {}

  /** Adds a webhook; its secret is in this answer and in no other. */
  @Post()
  @RequirePermission('providers:write')
  create(
    @Body({ schema: CreateWebhookBody }) body: CreateWebhookBody,
    @CurrentUser() by: Principal,
    @CurrentRequest() request: RequestContext,
  ): Promise<CreatedWebhook> {
    return this.webhooks.create(body, { by, request });
  }

  @Get()
  @RequirePermission('providers:read')
  list(@Query({ schema: ListWebhooksQuery }) query: ListWebhooksQuery): Promise<Page<WebhookAnswer>> {
    return this.listing.page(query);
  }

  @Get(':id')
  @RequirePermission('providers:read')
  get(@Param('id', { schema: WebhookId }) id: string): Promise<WebhookAnswer> {
    return this.listing.get(id);
  }

  /** Changes what the body has. What is pending waits while it is disabled. */
  @Patch(':id')
  @RequirePermission('providers:write')
  update(
    @Param('id', { schema: WebhookId }) id: string,
    @Body({ schema: UpdateWebhookBody }) body: UpdateWebhookBody,
    @CurrentUser() by: Principal,
    @CurrentRequest() request: RequestContext,
  ): Promise<WebhookAnswer> {
    return this.webhooks.update(id, body, { by, request });
  }

  /** With what is pending and the log of its deliveries. */
  @Delete(':id')
  @RequirePermission('providers:write')
  @HttpCode(204)
  async delete(
    @Param('id', { schema: WebhookId }) id: string,
    @CurrentUser() by: Principal,
    @CurrentRequest() request: RequestContext,
  ): Promise<void> {
    await this.webhooks.delete(id, { by, request });
  }

  /** A new secret, which this answer has and no other; the one before signs too for 24 hours. */
  @Post(':id/rotate-secret')
  @RequirePermission('providers:write')
  @HttpCode(200)
  rotateSecret(
    @Param('id', { schema: WebhookId }) id: string,
    @CurrentUser() by: Principal,
    @CurrentRequest() request: RequestContext,
  ): Promise<RotatedWebhookSecret> {
    return this.webhooks.rotateSecret(id, { by, request });
  }
}
