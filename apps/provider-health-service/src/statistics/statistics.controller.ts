import { Controller, Get, Param, Query } from '@nestjs/common';
import { RequirePermission } from '@gatehouse/access-control';
import {
  AllStatisticsQuery,
  type Page,
  ProviderName,
  type ProviderStatistics,
  StatisticsQuery,
} from '@gatehouse/provider-health-contracts';
import { StatisticsManager } from './statistics.manager.js';

@Controller('v1/providers')
export class StatisticsController {
  constructor(private readonly statistics: StatisticsManager) {}

  /** What became of the calls to all providers, in the order of their names. */
  @Get('stats')
  @RequirePermission('providers:read')
  list(@Query({ schema: AllStatisticsQuery }) query: AllStatisticsQuery): Promise<Page<ProviderStatistics>> {
    return this.statistics.ofAll(query);
  }

  /** What became of the calls to a provider: the window reaches to now. */
  @Get(':name/stats')
  @RequirePermission('providers:read')
  get(
    @Param('name', { schema: ProviderName }) name: string,
    @Query({ schema: StatisticsQuery }) { window }: StatisticsQuery,
  ): Promise<ProviderStatistics> {
    return this.statistics.of(name, window);
  }
}
