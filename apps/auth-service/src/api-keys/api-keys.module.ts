import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module.js';
import { RevocationsModule } from '../revocations/revocations.module.js';
import { SigningKeysModule } from '../signing-keys/signing-keys.module.js';
import { TokensModule } from '../tokens/tokens.module.js';
import { ApiKeyChecksModule } from './api-key-checks.module.js';
import { ApiKeyDirectory } from './api-key.directory.js';
import { ApiKeyFactsSigner } from './api-key-facts.signer.js';
import { ApiKeyManager } from './api-key.manager.js';
import { ApiKeysConsumer } from './api-keys.consumer.js';
import { ApiKeysController } from './api-keys.controller.js';

@Module({
  imports: [AccountsModule, ApiKeyChecksModule, RevocationsModule, SigningKeysModule, TokensModule],
  controllers: [ApiKeysConsumer, ApiKeysController],
  providers: [ApiKeyDirectory, ApiKeyFactsSigner, ApiKeyManager],
})
export class ApiKeysModule {}
