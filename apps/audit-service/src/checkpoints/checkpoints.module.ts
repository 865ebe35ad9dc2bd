import { Module } from '@nestjs/common';
import { MetricsModule } from '@gatehouse/service-bootstrap';
import { FindingsModule } from '../findings/findings.module.js';
import { KeeperModule } from '../keeper/keeper.module.js';
import { LogModule } from '../log/log.module.js';
import { CheckpointBoard } from './checkpoint.board.js';
import { CheckpointRepository } from './checkpoint.repository.js';
import { CheckpointSigner } from './checkpoint.signer.js';
import { HeadMemories } from './head.memories.js';
import { LogIdentity } from './log.identity.js';
import { LogMetrics } from './log.metrics.js';
import { RedisMemory } from './redis.memory.js';

@Module({
  imports: [LogModule, MetricsModule, KeeperModule, FindingsModule],
  providers: [
    CheckpointBoard,
    CheckpointRepository,
    CheckpointSigner,
    HeadMemories,
    LogIdentity,
    LogMetrics,
    RedisMemory,
  ],
  exports: [CheckpointBoard],
})
export class CheckpointsModule {}
