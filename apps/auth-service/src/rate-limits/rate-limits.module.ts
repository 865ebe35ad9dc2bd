import { Module } from '@nestjs/common';
import { AddressLimitGuard } from './address-limit.guard.js';
import { LoginLimiter } from './login.limiter.js';
import { NoticeLimiter } from './notice.limiter.js';
import { UnknownApiKeyLimiter } from './unknown-api-key.limiter.js';

@Module({
  providers: [AddressLimitGuard, LoginLimiter, NoticeLimiter, UnknownApiKeyLimiter],
  exports: [AddressLimitGuard, LoginLimiter, NoticeLimiter, UnknownApiKeyLimiter],
})
export class RateLimitsModule {}
