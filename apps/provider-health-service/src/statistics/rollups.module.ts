import { Module } from '@nestjs/common';
import { ProviderHistoryModule } from '../events/provider-history.module.js';
import { ProviderRegistryModule } from '../providers/provider-registry.module.js';
import { ResponseTimeTracker } from './response-time.tracker.js';
import { RollupRepository } from './rollup.repository.js';
import { StatisticsManager } from './statistics.manager.js';

/** Reads what was counted; knows nothing of how providers are now. */
@Module({
  imports: [ProviderHistoryModule, ProviderRegistryModule],
  providers: [ResponseTimeTracker, RollupRepository, StatisticsManager],
  exports: [ResponseTimeTracker, RollupRepository, StatisticsManager],
})
export class RollupsModule {}
