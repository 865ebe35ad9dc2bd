import { type DynamicModule, Module } from '@nestjs/common';
import { ProviderHealthEnvironment } from './provider-health.environment.js';

/** The configuration for every module of the service. */
@Module({})
export class EnvironmentModule {
  static of(environment: ProviderHealthEnvironment): DynamicModule {
    return {
      module: EnvironmentModule,
      global: true,
      providers: [{ provide: ProviderHealthEnvironment, useValue: environment }],
      exports: [ProviderHealthEnvironment],
    };
  }
}
