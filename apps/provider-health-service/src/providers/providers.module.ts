import { Module } from '@nestjs/common';
import { HealthTrackingModule } from '../health-tracking/health-tracking.module.js';
import { IncidentsModule } from '../incidents/incidents.module.js';
import { ProviderKeysModule } from '../provider-keys/provider-keys.module.js';
import { TrailsModule } from '../trails/trails.module.js';
import { WebhooksModule } from '../webhooks/webhooks.module.js';
import { IncidentCloser } from './incident.closer.js';
import { ProviderEditor } from './provider.editor.js';
import { ProviderListing } from './provider.listing.js';
import { ProviderRemover } from './provider.remover.js';
import { ProviderRegistryModule } from './provider-registry.module.js';
import { ProvidersController } from './providers.controller.js';

@Module({
  imports: [
    HealthTrackingModule,
    IncidentsModule,
    ProviderKeysModule,
    ProviderRegistryModule,
    TrailsModule,
    WebhooksModule,
  ],
  controllers: [ProvidersController],
  providers: [IncidentCloser, ProviderEditor, ProviderListing, ProviderRemover],
})
export class ProvidersModule {}
