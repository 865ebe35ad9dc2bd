import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module.js';
import { RateLimitsModule } from '../rate-limits/rate-limits.module.js';
import { ServiceAccountsModule } from '../service-accounts/service-accounts.module.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { TokensModule } from '../tokens/tokens.module.js';
import { AuthorizationServerController } from './authorization-server.controller.js';
import { ClientAuthenticator } from './client.authenticator.js';
import { IntrospectionController } from './introspection.controller.js';
import { IntrospectionManager } from './introspection.manager.js';
import { RevocationController } from './revocation.controller.js';
import { TokenController } from './token.controller.js';
import { TokenInspector } from './token.inspector.js';
import { TokenRevocationManager } from './token-revocation.manager.js';

@Module({
  imports: [AccountsModule, RateLimitsModule, ServiceAccountsModule, SessionsModule, TokensModule],
  controllers: [
    AuthorizationServerController,
    IntrospectionController,
    RevocationController,
    TokenController,
  ],
  providers: [ClientAuthenticator, IntrospectionManager, TokenInspector, TokenRevocationManager],
})
export class OAuthModule {}
