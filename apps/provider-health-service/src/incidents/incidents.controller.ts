import { Controller, Get, Param, Query } from '@nestjs/common';
import { RequirePermission } from '@gatehouse/access-control';
import {
  HistoryQuery,
  type Page,
  type ProviderIncident,
  ProviderName,
} from '@gatehouse/provider-health-contracts';
import { IncidentListing } from './incident.listing.js';

@Controller('v1/providers/:name/incidents')
export class IncidentsController {
  constructor(private readonly incidents: IncidentListing) {}

  /** When a provider was not healthy, the newest first. */
  @Get()
  @RequirePermission('providers:read')
  list(
    @Param('name', { schema: ProviderName }) name: string,
    @Query({ schema: HistoryQuery }) query: HistoryQuery,
  ): Promise<Page<ProviderIncident>> {
    return this.incidents.page(name, query);
  }
}
