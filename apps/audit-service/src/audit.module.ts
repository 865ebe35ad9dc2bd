import { AccessControlModule } from '@gatehouse/access-control';
import { DatabaseModule } from '@gatehouse/database';
import { RedisModule } from '@gatehouse/redis';
import { RedisTransportModule } from '@gatehouse/redis-transport';
import { Module } from '@nestjs/common';
import { AuditEnvironment } from './audit.environment.js';
import { AuditEnvironmentModule } from './audit-environment.module.js';
import { EventsModule } from './events/events.module.js';
import { SERVICE_NAME, TRANSPORT_NAME } from './audit-service.js';
import { AUDIT_MIGRATIONS } from './migrations/audit-migrations.js';

/** audit-service. */
@Module({
  imports: [
    AuditEnvironmentModule,
    AccessControlModule.forRootAsync({
      inject: [AuditEnvironment],
      useFactory: ({ issuer, audience, jwksUrl }: AuditEnvironment) => ({ issuer, audience, jwksUrl }),
    }),
    DatabaseModule.forRootAsync({
      inject: [AuditEnvironment],
      useFactory: ({ databaseUrl }: AuditEnvironment) => ({
        url: databaseUrl,
        applicationName: SERVICE_NAME,
        entities: [],
        migrations: AUDIT_MIGRATIONS,
      }),
    }),
    RedisModule.forRootAsync({
      inject: [AuditEnvironment],
      useFactory: ({ redis }: AuditEnvironment) => ({ settings: redis, name: SERVICE_NAME }),
    }),
    RedisTransportModule.forRootAsync({
      inject: [AuditEnvironment],
      useFactory: ({ redis }: AuditEnvironment) => ({ service: TRANSPORT_NAME, redis }),
    }),
    EventsModule,
  ],
})
export class AuditModule {}
