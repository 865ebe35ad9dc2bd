import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { RequirePermission } from '@gatehouse/access-control';
import {
  ListDeliveriesQuery,
  type Page,
  type WebhookDelivery,
  WebhookId,
} from '@gatehouse/provider-health-contracts';
import { WebhookDeliveryManager } from './webhook-delivery.manager.js';
import { WebhookListing } from './webhook.listing.js';

@Controller('v1/providers/webhooks/:id')
export class WebhookDeliveriesController {
  constructor(
    private readonly deliveries: WebhookDeliveryManager,
    private readonly listing: WebhookListing,
  ) {}

  /** What was sent to it and is to be sent, the newest first, for 30 days. */
  @Get('deliveries')
  @RequirePermission('providers:read')
  list(
    @Param('id', { schema: WebhookId }) id: string,
    @Query({ schema: ListDeliveriesQuery }) query: ListDeliveriesQuery,
  ): Promise<Page<WebhookDelivery>> {
    return this.listing.pageOfDeliveries(id, query);
  }

  /** Sends it again, with the same `webhook-id`. */
  @Post('deliveries/:deliveryId/retry')
  @RequirePermission('providers:write')
  @HttpCode(202)
  retry(
    @Param('id', { schema: WebhookId }) id: string,
    @Param('deliveryId', { schema: WebhookId }) deliveryId: string,
  ): Promise<WebhookDelivery> {
    return this.deliveries.retry(id, deliveryId);
  }

  /** Sends a `ping`. */
  @Post('test')
  @RequirePermission('providers:write')
  @HttpCode(202)
  test(@Param('id', { schema: WebhookId }) id: string): Promise<WebhookDelivery> {
    return this.deliveries.test(id);
  }
}
