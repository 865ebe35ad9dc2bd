import { Module } from '@nestjs/common';
import { JwksController } from './jwks.controller.js';
import { SigningKeyAnnouncer } from './signing-key.announcer.js';
import { SigningKeyManager } from './signing-key.manager.js';
import { SigningKeyRepository } from './signing-key.repository.js';
import { SigningKeyRotator } from './signing-key.rotator.js';
import { SigningKeyVault } from './signing-key.vault.js';
import { SigningKeysController } from './signing-keys.controller.js';
import { SigningKeysScheduler } from './signing-keys.scheduler.js';

@Module({
  controllers: [JwksController, SigningKeysController],
  providers: [
    ...[SigningKeyAnnouncer, SigningKeyManager, SigningKeyRepository, SigningKeyRotator, SigningKeyVault],
    SigningKeysScheduler,
  ],
  exports: [SigningKeyManager],
})
export class SigningKeysModule {}
