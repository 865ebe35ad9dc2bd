import { Module } from '@nestjs/common';
import { SigningKeysModule } from '../signing-keys/signing-keys.module.js';
import { TokensModule } from '../tokens/tokens.module.js';
import { PermissionMapConsumer } from './permission-map.consumer.js';
import { PermissionMapPublisher } from './permission-map.publisher.js';
import { PermissionMapSigner } from './permission-map.signer.js';
import { PermissionMapsModule } from './permission-maps.module.js';

@Module({
  imports: [PermissionMapsModule, SigningKeysModule, TokensModule],
  controllers: [PermissionMapConsumer],
  providers: [PermissionMapPublisher, PermissionMapSigner],
})
export class RolesModule {}
