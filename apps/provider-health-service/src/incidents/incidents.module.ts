import { Module } from '@nestjs/common';
import { ProviderRegistryModule } from '../providers/provider-registry.module.js';
import { IncidentListing } from './incident.listing.js';
import { IncidentRecorder } from './incident.recorder.js';
import { IncidentRepository } from './incident.repository.js';
import { IncidentsController } from './incidents.controller.js';

@Module({
  imports: [ProviderRegistryModule],
  controllers: [IncidentsController],
  providers: [IncidentListing, IncidentRecorder, IncidentRepository],
  exports: [IncidentRecorder],
})
export class IncidentsModule {}
