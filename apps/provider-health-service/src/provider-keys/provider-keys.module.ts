import { Module } from '@nestjs/common';
import { ProviderKeyRepository } from './provider-key.repository.js';
import { ProviderKeyVault } from './provider-key.vault.js';
import { ProviderKeys } from './provider.keys.js';

/** The API keys of providers; knows nothing of the providers but their names. */
@Module({ providers: [ProviderKeyRepository, ProviderKeys, ProviderKeyVault], exports: [ProviderKeys] })
export class ProviderKeysModule {}
