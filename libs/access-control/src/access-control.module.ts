import { type DynamicModule, type FactoryProvider, Module, type ModuleMetadata } from '@nestjs/common';
import { APP_GUARD, DiscoveryModule } from '@nestjs/core';
import type { AccessControlOptions } from './access-control-options.js';
import { ACCESS_CONTROL_OPTIONS } from './access-control.tokens.js';
import { AccessExplorer } from './access.explorer.js';
import { AccessTokenVerifier } from './access-token.verifier.js';
import { AuthenticationGuard } from './authentication.guard.js';
import { PermissionManager } from './permission.manager.js';
import { PermissionsGuard } from './permissions.guard.js';
import { RolesGuard } from './roles.guard.js';
import { VerificationKeys } from './verification.keys.js';

export interface AccessControlAsyncOptions extends Pick<ModuleMetadata, 'imports'> {
  inject?: FactoryProvider['inject'];
  useFactory: FactoryProvider<AccessControlOptions>['useFactory'];
}

/**
 * Guards every route and message handler of the application: deny by default, `@Public()` opts out. Import it once, in
 * the root module.
 */
@Module({})
export class AccessControlModule {
  static forRoot(options: AccessControlOptions): DynamicModule {
    return AccessControlModule.forRootAsync({ useFactory: () => options });
  }

  static forRootAsync(options: AccessControlAsyncOptions): DynamicModule {
    return {
      module: AccessControlModule,
      global: true,
      imports: [DiscoveryModule, ...(options.imports ?? [])],
      providers: [
        { provide: ACCESS_CONTROL_OPTIONS, inject: options.inject ?? [], useFactory: options.useFactory },
        ...[VerificationKeys, AccessTokenVerifier, PermissionManager, AccessExplorer],
        // In this order: who calls, then the role, then the permissions.
        { provide: APP_GUARD, useClass: AuthenticationGuard },
        { provide: APP_GUARD, useClass: RolesGuard },
        { provide: APP_GUARD, useClass: PermissionsGuard },
      ],
      exports: [VerificationKeys, AccessTokenVerifier, PermissionManager, AccessExplorer],
    };
  }
}
