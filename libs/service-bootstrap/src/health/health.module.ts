import { Global, Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { DrainState } from './drain.state.js';
import { HealthDetails } from './health.details.js';
import { HealthController } from './health.controller.js';
import { ReadinessService } from './readiness.service.js';
import { StartGate } from './start.gate.js';

/** Global: whoever has something to do at the start holds the `StartGate`, whoever has something to tell adds it to the `HealthDetails`. */
@Global()
@Module({
  imports: [TerminusModule.forRoot({ logger: false })],
  controllers: [HealthController],
  providers: [DrainState, HealthDetails, ReadinessService, StartGate],
  exports: [DrainState, HealthDetails, StartGate],
})
export class HealthModule {}
