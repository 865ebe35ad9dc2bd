import { type DynamicModule, Module } from '@nestjs/common';
import { AccessControlModule, ServiceTokens } from '@gatehouse/access-control';
import { AuditClientModule } from '@gatehouse/audit-client';
import { DatabaseModule } from '@gatehouse/database';
import { RedisTransportModule } from '@gatehouse/redis-transport';
import { EnvironmentModule } from './environment.module.js';
import { projectsDatabase } from './projects.database.js';
import { ProjectsEnvironment } from './projects.environment.js';
import { ProjectsModule } from './projects/projects.module.js';

@Module({})
export class AppModule {
  static of(environment: ProjectsEnvironment): DynamicModule {
    return {
      module: AppModule,
      imports: [
        EnvironmentModule.of(environment),
        DatabaseModule.forRootAsync({ useFactory: () => projectsDatabase(environment) }),
        AccessControlModule.forRootAsync({
          inject: [ProjectsEnvironment],
          useFactory: (env: ProjectsEnvironment) => env.accessControl,
        }),
        RedisTransportModule.forRootAsync({
          inject: [ProjectsEnvironment, ServiceTokens],
          useFactory: ({ redis, namespace }: ProjectsEnvironment, tokens: ServiceTokens) => ({
            service: 'projects',
            redis,
            namespace,
            identity: () => tokens.token(),
          }),
        }),
        AuditClientModule.forRoot({ producer: 'projects-service' }),
        ProjectsModule,
      ],
    };
  }
}
