import { Module } from '@nestjs/common';
import { RateLimitsModule } from '../rate-limits/rate-limits.module.js';
import { GatewayRefusalFilter } from './gateway-refusal.filter.js';
import { GatewayVerificationController } from './gateway-verification.controller.js';
import { GatewayVerificationManager } from './gateway-verification.manager.js';

@Module({
  imports: [RateLimitsModule],
  controllers: [GatewayVerificationController],
  providers: [GatewayRefusalFilter, GatewayVerificationManager],
})
export class GatewaysModule {}
