import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { RequirePermission } from '@gatehouse/access-control';
import {
  AllStatisticsQuery,
  AskStatistics,
  type Page,
  type ProviderStatistics,
} from '@gatehouse/provider-health-contracts';
import { StatisticsManager } from './statistics.manager.js';

/** The same as the routes, for services. */
@Controller()
export class StatisticsConsumer {
  constructor(private readonly statistics: StatisticsManager) {}

  @MessagePattern('providers.stats')
  @RequirePermission('providers:read')
  get(@Payload({ schema: AskStatistics }) { name, window }: AskStatistics): Promise<ProviderStatistics> {
    return this.statistics.of(name, window);
  }

  @MessagePattern('providers.all-stats')
  @RequirePermission('providers:read')
  list(
    @Payload({ schema: AllStatisticsQuery }) query: AllStatisticsQuery,
  ): Promise<Page<ProviderStatistics>> {
    return this.statistics.ofAll(query);
  }
}
