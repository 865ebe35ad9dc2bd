import { type DynamicModule, Module } from '@nestjs/common';
import { AccessControlModule, ServiceTokens } from '@gatehouse/access-control';
import { AuditClientModule } from '@gatehouse/audit-client';
import { DatabaseModule } from '@gatehouse/database';
import { RedisModule } from '@gatehouse/redis';
import { RedisTransportModule } from '@gatehouse/redis-transport';
import { EnvironmentModule } from './environment.module.js';
import { EventsModule } from './events/events.module.js';
import { FallbackChainsModule } from './fallback-chains/fallback-chains.module.js';
import { HealthChecksModule } from './health-checks/health-checks.module.js';
import { HealthTrackingModule } from './health-tracking/health-tracking.module.js';
import { MarksModule } from './marks/marks.module.js';
import { OverridesModule } from './overrides/overrides.module.js';
import { ProbePermitsModule } from './probe-permits/probe-permits.module.js';
import { IncidentsModule } from './incidents/incidents.module.js';
import { providerHealthDatabase } from './provider-health.database.js';
import type { ProviderHealthEnvironment } from './provider-health.environment.js';
import { ProvidersModule } from './providers/providers.module.js';
import { StatisticsModule } from './statistics/statistics.module.js';
import { UnreadableKeysModule } from './unreadable-keys/unreadable-keys.module.js';
import { WebhooksModule } from './webhooks/webhooks.module.js';

const SERVICE = 'provider-health-service';

@Module({})
export class AppModule {
  static of(environment: ProviderHealthEnvironment): DynamicModule {
    const { ISSUER, AUDIENCE, SERVICE_PROVIDER_HEALTH_SERVICE_SECRET } = environment.variables;
    const explain = environment.variables.NODE_ENV === 'development';
    const { jwksUrl, tokenUrl, redis, namespace, sharedSecret: secret, staleness } = environment;
    const tokens = new ServiceTokens({
      ...{ tokenUrl, clientId: SERVICE, clientSecret: SERVICE_PROVIDER_HEALTH_SERVICE_SECRET },
    });
    return {
      module: AppModule,
      imports: [
        EnvironmentModule.of(environment),
        DatabaseModule.forRootAsync({ useFactory: () => providerHealthDatabase(environment) }),
        RedisModule.forRootAsync({ useFactory: () => ({ settings: redis, name: SERVICE }) }),
        AccessControlModule.forRoot({
          issuer: ISSUER,
          audience: AUDIENCE,
          jwksUrl,
          secret,
          staleness,
          explain,
        }),
        RedisTransportModule.forRootAsync({
          useFactory: () => ({
            service: 'provider-health',
            redis,
            namespace,
            identity: () => tokens.token(),
          }),
        }),
        AuditClientModule.forRoot({ producer: SERVICE }),
        ...[ProvidersModule, HealthTrackingModule, FallbackChainsModule, EventsModule, StatisticsModule],
        ...[IncidentsModule, MarksModule, OverridesModule, ProbePermitsModule],
        ...[HealthChecksModule, UnreadableKeysModule, WebhooksModule],
      ],
    };
  }
}
