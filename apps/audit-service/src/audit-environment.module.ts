import { Global, Module } from '@nestjs/common';
import { AuditEnvironment } from './audit.environment.js';

/** The configuration, for whoever asks. */
@Global()
@Module({
  providers: [{ provide: AuditEnvironment, useFactory: () => AuditEnvironment.read() }],
  exports: [AuditEnvironment],
})
export class AuditEnvironmentModule {}
