import { Module } from '@nestjs/common';
import { ProviderHistoryModule } from '../events/provider-history.module.js';
import { TrailsModule } from '../trails/trails.module.js';
import { ProviderKeysModule } from '../provider-keys/provider-keys.module.js';
import { ProviderChecksManager } from './provider-checks.manager.js';
import { ProviderManager } from './provider.manager.js';
import { ProviderRepository } from './provider.repository.js';

/** Which providers there are; knows nothing of their health. */
@Module({
  imports: [ProviderHistoryModule, ProviderKeysModule, TrailsModule],
  providers: [ProviderChecksManager, ProviderManager, ProviderRepository],
  exports: [ProviderChecksManager, ProviderManager, ProviderRepository],
})
export class ProviderRegistryModule {}
