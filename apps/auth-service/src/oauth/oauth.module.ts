import { Module } from '@nestjs/common';
import { RateLimitsModule } from '../rate-limits/rate-limits.module.js';
import { ServiceAccountsModule } from '../service-accounts/service-accounts.module.js';
import { TokensModule } from '../tokens/tokens.module.js';
import { ClientAuthenticator } from './client.authenticator.js';
import { TokenController } from './token.controller.js';

@Module({
  imports: [RateLimitsModule, ServiceAccountsModule, TokensModule],
  controllers: [TokenController],
  providers: [ClientAuthenticator],
})
export class OAuthModule {}
