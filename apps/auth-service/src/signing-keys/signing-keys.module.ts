import { Module } from '@nestjs/common';
import { JwksController } from './jwks.controller.js';
import { SigningKeyManager } from './signing-key.manager.js';
import { SigningKeyRepository } from './signing-key.repository.js';

@Module({
  controllers: [JwksController],
  providers: [SigningKeyManager, SigningKeyRepository],
  exports: [SigningKeyManager],
})
export class SigningKeysModule {}
