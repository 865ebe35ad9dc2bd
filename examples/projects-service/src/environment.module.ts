import { type DynamicModule, Module } from '@nestjs/common';
import { ServiceTokens } from '@gatehouse/access-control';
import { ProjectsEnvironment } from './projects.environment.js';

/** The configuration, and the service's own tokens, for every module of the service. */
@Module({})
export class EnvironmentModule {
  static of(environment: ProjectsEnvironment): DynamicModule {
    return {
      module: EnvironmentModule,
      global: true,
      providers: [
        { provide: ProjectsEnvironment, useValue: environment },
        { provide: ServiceTokens, useFactory: () => new ServiceTokens(environment.identity) },
      ],
      exports: [ProjectsEnvironment, ServiceTokens],
    };
  }
}
