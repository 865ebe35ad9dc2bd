import { Module } from '@nestjs/common';
import { ProviderManager } from './provider.manager.js';
import { ProviderRepository } from './provider.repository.js';

/** Which providers there are; knows nothing of their health. */
@Module({ providers: [ProviderManager, ProviderRepository], exports: [ProviderManager] })
export class ProviderRegistryModule {}
