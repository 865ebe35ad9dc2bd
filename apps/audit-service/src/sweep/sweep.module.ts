import { MetricsModule } from '@gatehouse/service-bootstrap';
import { Module } from '@nestjs/common';
import { FindingsModule } from '../findings/findings.module.js';
import { KeeperModule } from '../keeper/keeper.module.js';
import { LogModule } from '../log/log.module.js';
import { LogSweeper } from './log.sweeper.js';
import { SweepMetrics } from './sweep.metrics.js';
import { SweepRepository } from './sweep.repository.js';

@Module({
  imports: [LogModule, KeeperModule, FindingsModule, MetricsModule],
  providers: [LogSweeper, SweepMetrics, SweepRepository],
})
export class SweepModule {}
