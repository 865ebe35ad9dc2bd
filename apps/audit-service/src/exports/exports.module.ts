import { Module } from '@nestjs/common';
import { EventsModule } from '../events/events.module.js';
import { LogModule } from '../log/log.module.js';
import { ProofsModule } from '../proofs/proofs.module.js';
import { ExportsController } from './exports.controller.js';
import { TrailExporter } from './trail.exporter.js';

@Module({
  imports: [EventsModule, LogModule, ProofsModule],
  controllers: [ExportsController],
  providers: [TrailExporter],
})
export class ExportsModule {}
