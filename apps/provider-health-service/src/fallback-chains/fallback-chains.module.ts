import { Module } from '@nestjs/common';
import { HealthTrackingModule } from '../health-tracking/health-tracking.module.js';
import { FallbackChainsController } from './fallback-chains.controller.js';

@Module({ imports: [HealthTrackingModule], controllers: [FallbackChainsController] })
export class FallbackChainsModule {}
