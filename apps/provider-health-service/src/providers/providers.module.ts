import { Module } from '@nestjs/common';
import { HealthTrackingModule } from '../health-tracking/health-tracking.module.js';
import { ProviderListing } from './provider.listing.js';
import { ProviderRegistryModule } from './provider-registry.module.js';
import { ProvidersController } from './providers.controller.js';

@Module({
  imports: [ProviderRegistryModule, HealthTrackingModule],
  controllers: [ProvidersController],
  providers: [ProviderListing],
})
export class ProvidersModule {}
