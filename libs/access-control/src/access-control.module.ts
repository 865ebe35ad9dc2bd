import { type DynamicModule, type FactoryProvider, Module, type ModuleMetadata } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, DiscoveryModule } from '@nestjs/core';
import { DomainErrorFilter } from '@gatehouse/problem-details';
import { BroadcastReceiver, RedisTransportClients } from '@gatehouse/redis-transport';
import type { AccessControlOptions } from './access-control-options.js';
import { AccessControlMetrics } from './access-control.metrics.js';
import { ACCESS_CONTROL_OPTIONS, REVOCATION_FEED } from './access-control.tokens.js';
import { ApiKeyAnswers } from './api-keys/api-key.answers.js';
import { ApiKeySource } from './api-keys/api-key.source.js';
import { ApiKeyVerifier } from './api-keys/api-key.verifier.js';
import { AccessExplorer } from './guards/access.explorer.js';
import { AccessTokenVerifier } from './tokens/access-token.verifier.js';
import { AccessRefusals } from './guards/access.refusals.js';
import { AuthServiceConnection } from './auth-service.connection.js';
import { AuthenticationGuard } from './guards/authentication.guard.js';
import { AccessWatch } from './live-access/access.watch.js';
import { LiveAccessInterceptor } from './live-access/live-access.interceptor.js';
import { openConnection, openRevocations } from './access-control.opener.js';
import { PermissionManager } from './permissions/permission.manager.js';
import { PermissionsGuard } from './guards/permissions.guard.js';
import { RevocationGate } from './revocations/revocation.gate.js';
import { RoleCatalogue } from './roles/role.catalogue.js';
import { RolesGuard } from './guards/roles.guard.js';
import { VerificationKeys } from './keys/verification.keys.js';

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
        {
          provide: AuthServiceConnection,
          inject: [
            ACCESS_CONTROL_OPTIONS,
            { token: BroadcastReceiver, optional: true },
            { token: RedisTransportClients, optional: true },
          ],
          useFactory: openConnection,
        },
        {
          provide: REVOCATION_FEED,
          inject: [ACCESS_CONTROL_OPTIONS, AuthServiceConnection, VerificationKeys],
          useFactory: openRevocations,
        },
        ...[VerificationKeys, RoleCatalogue, RevocationGate, AccessTokenVerifier, PermissionManager],
        ...[ApiKeyAnswers, ApiKeySource, ApiKeyVerifier],
        ...[AccessExplorer, AccessRefusals, AccessWatch, AccessControlMetrics],
        // In this order: who calls, then the role, then the permissions.
        { provide: APP_GUARD, useClass: AuthenticationGuard },
        { provide: APP_GUARD, useClass: RolesGuard },
        { provide: APP_GUARD, useClass: PermissionsGuard },
        { provide: APP_INTERCEPTOR, useClass: LiveAccessInterceptor },
        // What a guard refuses is answered as such in any application, whatever filters it has.
        { provide: APP_FILTER, useFactory: () => new DomainErrorFilter() },
      ],
      exports: [
        ...[VerificationKeys, RoleCatalogue, RevocationGate, AccessTokenVerifier, PermissionManager],
        ...[ApiKeyVerifier, AccessExplorer, AccessRefusals, AccessWatch, AccessControlMetrics],
      ],
    };
  }
}
