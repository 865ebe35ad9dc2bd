import { type DynamicModule, Module } from '@nestjs/common';
import { AuthEnvironment } from './auth.environment.js';

/** The configuration for every module of the service. */
@Module({})
export class EnvironmentModule {
  static of(environment: AuthEnvironment): DynamicModule {
    return {
      module: EnvironmentModule,
      global: true,
      providers: [{ provide: AuthEnvironment, useValue: environment }],
      exports: [AuthEnvironment],
    };
  }
}
