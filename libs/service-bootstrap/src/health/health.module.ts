import { Global, Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { DrainState } from './drain.state.js';
import { HealthController } from './health.controller.js';
import { ReadinessService } from './readiness.service.js';
import { StartGate } from './start.gate.js';

/** Global: whoever has something to do at the start holds the `StartGate`. */
@Global()
@Module({
  imports: [TerminusModule.forRoot({ logger: false })],
  controllers: [HealthController],
  providers: [DrainState, ReadinessService, StartGate],
  exports: [DrainState, StartGate],
})
export class HealthModule {}
