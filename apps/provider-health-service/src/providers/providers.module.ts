import { Module } from '@nestjs/common';
import { HealthTrackingModule } from '../health-tracking/health-tracking.module.js';
import { IncidentsModule } from '../incidents/incidents.module.js';
import { ProviderKeysModule } from '../provider-keys/provider-keys.module.js';
import { ProviderEditor } from './provider.editor.js';
import { ProviderListing } from './provider.listing.js';
import { ProviderRemover } from './provider.remover.js';
import { ProviderTrail } from './provider.trail.js';
import { ProviderRegistryModule } from './provider-registry.module.js';
import { ProvidersController } from './providers.controller.js';

@Module({
  imports: [HealthTrackingModule, IncidentsModule, ProviderKeysModule, ProviderRegistryModule],
  controllers: [ProvidersController],
  providers: [ProviderEditor, ProviderListing, ProviderRemover, ProviderTrail],
})
export class ProvidersModule {}
