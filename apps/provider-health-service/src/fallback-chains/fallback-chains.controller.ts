import { Controller, Get, Query } from '@nestjs/common';
import { RequirePermission } from '@gatehouse/access-control';
import {
  type FallbackChain,
  FallbackChainQuery,
  type HealthyProvider,
  HealthyProviderQuery,
} from '@gatehouse/provider-health-contracts';
import { ProviderHealthTracker } from '../health-tracking/provider-health.tracker.js';

@Controller('v1/providers')
@RequirePermission('providers:read')
export class FallbackChainsController {
  constructor(private readonly tracker: ProviderHealthTracker) {}

  /** Whom to call, in which order, and whom not and why. */
  @Get('fallback-chain')
  chain(@Query({ schema: FallbackChainQuery }) query: FallbackChainQuery): Promise<FallbackChain> {
    return this.tracker.getFallbackChain(query);
  }

  /** The first healthy of the named providers, else the first available, else whom `panic` names. */
  @Get('healthy')
  healthy(@Query({ schema: HealthyProviderQuery }) query: HealthyProviderQuery): Promise<HealthyProvider> {
    return this.tracker.getHealthyProvider(query.among, query.panic);
  }
}
