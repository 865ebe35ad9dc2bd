import { Module } from '@nestjs/common';
import { RateLimitsModule } from '../rate-limits/rate-limits.module.js';
import { ApiKeyAuthenticator } from './api-key.authenticator.js';
import { ApiKeyHasher } from './api-key.hasher.js';
import { ApiKeyRefusals } from './api-key.refusals.js';
import { ApiKeyRepository } from './api-key.repository.js';

/** Apart from the rest of API keys: what guards the routes is made of it. */
@Module({
  imports: [RateLimitsModule],
  providers: [ApiKeyAuthenticator, ApiKeyHasher, ApiKeyRefusals, ApiKeyRepository],
  exports: [ApiKeyAuthenticator, ApiKeyRepository],
})
export class ApiKeyChecksModule {}
