import { type DynamicModule, Module } from '@nestjs/common';
import { AccessControlModule, RevocationFeed } from '@gatehouse/access-control';
import { AuditClientModule } from '@gatehouse/audit-client';
import { DatabaseModule } from '@gatehouse/database';
import { RedisModule } from '@gatehouse/redis';
import { RedisTransportModule } from '@gatehouse/redis-transport';
import { AccountPasswordsModule } from './account-passwords/account-passwords.module.js';
import { AccountsModule } from './accounts/accounts.module.js';
import { ApiKeyAuthenticator } from './api-keys/api-key.authenticator.js';
import { ApiKeyChecksModule } from './api-keys/api-key-checks.module.js';
import { ApiKeysModule } from './api-keys/api-keys.module.js';
import { authDatabase } from './auth.database.js';
import { AuthEnvironment } from './auth.environment.js';
import { EnvironmentModule } from './environment.module.js';
import { GatewaysModule } from './gateways/gateways.module.js';
import { OAuthModule } from './oauth/oauth.module.js';
import { RevocationAnswersModule } from './revocations/revocation-answers.module.js';
import { PermissionMapRepository } from './roles/permission-map.repository.js';
import { PermissionMapsModule } from './roles/permission-maps.module.js';
import { RolesModule } from './roles/roles.module.js';
import { liveSessionCheck } from './sessions/live-session.check.js';
import { SessionManager } from './sessions/session.manager.js';
import { SessionsModule } from './sessions/sessions.module.js';
import { SignInModule } from './sessions/sign-in.module.js';
import { SigningKeyManager } from './signing-keys/signing-key.manager.js';
import { SigningKeysModule } from './signing-keys/signing-keys.module.js';
import { OwnIdentity } from './tokens/own.identity.js';
import { TokensModule } from './tokens/tokens.module.js';
import { UsersModule } from './users/users.module.js';

@Module({})
export class AppModule {
  static of(environment: AuthEnvironment): DynamicModule {
    return {
      module: AppModule,
      imports: [
        EnvironmentModule.of(environment),
        DatabaseModule.forRootAsync({ useFactory: () => authDatabase(environment) }),
        RedisModule.forRootAsync({
          useFactory: () => ({ settings: environment.redis, name: 'auth-service' }),
        }),
        AccessControlModule.forRootAsync({
          imports: [SessionsModule, SigningKeysModule, PermissionMapsModule, ApiKeyChecksModule],
          inject: [
            SessionManager,
            SigningKeyManager,
            RevocationFeed,
            PermissionMapRepository,
            ApiKeyAuthenticator,
          ],
          useFactory: (
            sessions: SessionManager,
            signingKeys: SigningKeyManager,
            revocations: RevocationFeed,
            permissionMaps: PermissionMapRepository,
            apiKeys: ApiKeyAuthenticator,
          ) => ({
            issuer: environment.variables.ISSUER,
            audience: environment.variables.AUDIENCE,
            keys: () => signingKeys.jwks(),
            secret: environment.sharedSecret,
            staleness: environment.staleness,
            explain: environment.variables.NODE_ENV === 'development',
            revocations,
            permissionMap: () => permissionMaps.read(),
            apiKeys: (question) => apiKeys.find(question),
            afterVerification: liveSessionCheck(sessions, revocations),
          }),
        }),
        RedisTransportModule.forRootAsync({
          imports: [TokensModule],
          inject: [OwnIdentity],
          useFactory: (own: OwnIdentity) => ({
            service: 'auth',
            redis: environment.redis,
            namespace: environment.namespace,
            identity: () => own.token(),
          }),
        }),
        AuditClientModule.forRoot({ producer: 'auth-service' }),
        ...[
          AccountsModule,
          ApiKeysModule,
          GatewaysModule,
          SignInModule,
          OAuthModule,
          AccountPasswordsModule,
          UsersModule,
        ],
        ...[RevocationAnswersModule, RolesModule],
      ],
    };
  }
}
