import { Module } from '@nestjs/common';
import { AddressLimitGuard } from './address-limit.guard.js';
import { LoginLimiter } from './login.limiter.js';
import { NoticeLimiter } from './notice.limiter.js';

@Module({
  providers: [AddressLimitGuard, LoginLimiter, NoticeLimiter],
  exports: [AddressLimitGuard, LoginLimiter, NoticeLimiter],
})
export class RateLimitsModule {}
