import { Module } from '@nestjs/common';
import { AddressLimitGuard } from './address-limit.guard.js';
import { LoginLimiter } from './login.limiter.js';

@Module({ providers: [AddressLimitGuard, LoginLimiter], exports: [AddressLimitGuard, LoginLimiter] })
export class RateLimitsModule {}
