import { Module } from '@nestjs/common';
import { MetricsModule } from '@gatehouse/service-bootstrap';
import { ProviderRegistryModule } from '../providers/provider-registry.module.js';
import { TrailsModule } from '../trails/trails.module.js';
import { WebhookDeliveriesController } from './webhook-deliveries.controller.js';
import { WebhookDeliveryHousekeeper } from './webhook-delivery.housekeeper.js';
import { WebhookDeliveryManager } from './webhook-delivery.manager.js';
import { WebhookDeliveryRecorder } from './webhook-delivery.recorder.js';
import { WebhookDeliveryRepository } from './webhook-delivery.repository.js';
import { WebhookDeliveryRunner } from './webhook-delivery.runner.js';
import { WebhookSecretRepository } from './webhook-secret.repository.js';
import { WebhookSecretVault } from './webhook-secret.vault.js';
import { WebhookDispatcher } from './webhook.dispatcher.js';
import { WebhookListing } from './webhook.listing.js';
import { WebhookManager } from './webhook.manager.js';
import { WebhookPublisher } from './webhook.publisher.js';
import { WebhookRepository } from './webhook.repository.js';
import { WebhooksController } from './webhooks.controller.js';
import { WebhooksMetrics } from './webhooks.metrics.js';

/** Tells receivers elsewhere what becomes of providers. */
@Module({
  imports: [MetricsModule, ProviderRegistryModule, TrailsModule],
  controllers: [WebhooksController, WebhookDeliveriesController],
  providers: [
    ...[WebhookRepository, WebhookSecretRepository, WebhookSecretVault, WebhookManager, WebhookListing],
    ...[WebhookDeliveryRepository, WebhookDeliveryManager, WebhookDeliveryRecorder],
    ...[WebhookDeliveryRunner, WebhookDeliveryHousekeeper],
    ...[WebhookDispatcher, WebhookPublisher, WebhooksMetrics],
  ],
  exports: [WebhookPublisher],
})
export class WebhooksModule {}
