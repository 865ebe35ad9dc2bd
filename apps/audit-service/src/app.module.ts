import { type DynamicModule, Module } from '@nestjs/common';
import { AccessControlModule } from '@gatehouse/access-control';
import { DatabaseModule } from '@gatehouse/database';
import { RedisModule } from '@gatehouse/redis';
import { RedisTransportModule } from '@gatehouse/redis-transport';
import { auditDatabase } from './audit.database.js';
import type { AuditEnvironment } from './audit.environment.js';
import { SERVICE_NAME, TRANSPORT_NAME } from './audit-service.js';
import { CheckpointsModule } from './checkpoints/checkpoints.module.js';
import { EnvironmentModule } from './environment.module.js';
import { EventsModule } from './events/events.module.js';
import { ExportsModule } from './exports/exports.module.js';
import { ProofsModule } from './proofs/proofs.module.js';
import { SweepModule } from './sweep/sweep.module.js';

@Module({})
export class AppModule {
  static of(environment: AuditEnvironment): DynamicModule {
    const { variables, namespace, redis, jwksUrl, sharedSecret: secret, staleness } = environment;
    const { ISSUER: issuer, AUDIENCE: audience } = variables;
    const explain = environment.variables.NODE_ENV === 'development';
    return {
      module: AppModule,
      imports: [
        EnvironmentModule.of(environment),
        DatabaseModule.forRootAsync({ useFactory: () => auditDatabase(environment) }),
        RedisModule.forRootAsync({ useFactory: () => ({ settings: redis, name: SERVICE_NAME }) }),
        AccessControlModule.forRoot({ issuer, audience, jwksUrl, secret, staleness, explain }),
        RedisTransportModule.forRootAsync({
          useFactory: () => ({ service: TRANSPORT_NAME, redis, namespace }),
        }),
        EventsModule,
        ExportsModule,
        CheckpointsModule,
        ProofsModule,
        SweepModule,
      ],
    };
  }
}
