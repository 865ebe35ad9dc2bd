import { Module } from '@nestjs/common';
import { CheckpointsModule } from '../checkpoints/checkpoints.module.js';
import { LogModule } from '../log/log.module.js';
import { LogProver } from './log.prover.js';
import { ProofsController } from './proofs.controller.js';

@Module({
  imports: [CheckpointsModule, LogModule],
  controllers: [ProofsController],
  providers: [LogProver],
  exports: [LogProver],
})
export class ProofsModule {}
