import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module.js';
import { SigningKeysModule } from '../signing-keys/signing-keys.module.js';
import { TokensModule } from '../tokens/tokens.module.js';
import { PermissionMapConsumer } from './permission-map.consumer.js';
import { PermissionMapPublisher } from './permission-map.publisher.js';
import { PermissionMapSigner } from './permission-map.signer.js';
import { PermissionMapsModule } from './permission-maps.module.js';
import { RoleCoverage } from './role.coverage.js';
import { RoleDirectory } from './role.directory.js';
import { RoleEditor } from './role.editor.js';
import { RoleManager } from './role.manager.js';
import { RoleRepository } from './role.repository.js';
import { RolesController } from './roles.controller.js';

@Module({
  imports: [AccountsModule, PermissionMapsModule, SigningKeysModule, TokensModule],
  controllers: [PermissionMapConsumer, RolesController],
  providers: [
    ...[PermissionMapPublisher, PermissionMapSigner],
    ...[RoleCoverage, RoleDirectory, RoleEditor, RoleManager, RoleRepository],
  ],
  exports: [RoleCoverage],
})
export class RolesModule {}
