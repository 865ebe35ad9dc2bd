import { type DynamicModule, Module } from '@nestjs/common';
import { AuditEnvironment } from './audit.environment.js';

/** The configuration for every module of the service. */
@Module({})
export class EnvironmentModule {
  static of(environment: AuditEnvironment): DynamicModule {
    return {
      module: EnvironmentModule,
      global: true,
      providers: [{ provide: AuditEnvironment, useValue: environment }],
      exports: [AuditEnvironment],
    };
  }
}
