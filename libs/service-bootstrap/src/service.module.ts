import { type DynamicModule, Module, type Type } from '@nestjs/common';
import { HealthModule } from './health/health.module.js';
import { MetricsModule } from './metrics/metrics.module.js';

/** A service's own module together with what every service has. */
@Module({})
export class ServiceModule {
  static of(module: Type | DynamicModule): DynamicModule {
    return { module: ServiceModule, imports: [HealthModule, MetricsModule, module] };
  }
}
