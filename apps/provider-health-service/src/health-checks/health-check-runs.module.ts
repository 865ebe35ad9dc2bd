import { Module } from '@nestjs/common';
import { ProviderKeysModule } from '../provider-keys/provider-keys.module.js';
import { ProviderRegistryModule } from '../providers/provider-registry.module.js';
import { HealthCheckRunner } from './health-check.runner.js';
import { HealthChecks } from './health.checks.js';

/** Checks of providers; knows nothing of what becomes of their results. */
@Module({
  imports: [ProviderKeysModule, ProviderRegistryModule],
  providers: [HealthCheckRunner, HealthChecks],
  exports: [HealthCheckRunner, HealthChecks],
})
export class HealthCheckRunsModule {}
