import { Module } from '@nestjs/common';
import { GatewayVerificationController } from './gateway-verification.controller.js';
import { GatewayVerificationManager } from './gateway-verification.manager.js';

@Module({ controllers: [GatewayVerificationController], providers: [GatewayVerificationManager] })
export class GatewaysModule {}
