import { Module } from '@nestjs/common';
import { KeyReleaser } from './key.releaser.js';
import { ProviderKeyRepository } from './provider-key.repository.js';
import { ProviderKeyVault } from './provider-key.vault.js';
import { ProviderKeysConsumer } from './provider-keys.consumer.js';
import { ProviderKeys } from './provider.keys.js';

/** The API keys of providers; knows nothing of the providers but their names. */
@Module({
  controllers: [ProviderKeysConsumer],
  providers: [KeyReleaser, ProviderKeyRepository, ProviderKeys, ProviderKeyVault],
  exports: [ProviderKeys],
})
export class ProviderKeysModule {}
