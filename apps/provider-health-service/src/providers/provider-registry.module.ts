import { Module } from '@nestjs/common';
import { ProviderKeysModule } from '../provider-keys/provider-keys.module.js';
import { ProviderManager } from './provider.manager.js';
import { ProviderRepository } from './provider.repository.js';

/** Which providers there are; knows nothing of their health. */
@Module({
  imports: [ProviderKeysModule],
  providers: [ProviderManager, ProviderRepository],
  exports: [ProviderManager],
})
export class ProviderRegistryModule {}
