import { Module } from '@nestjs/common';
import { ProviderHealthClient } from './provider-health.client.js';
import { SummaryWriter } from './summary.writer.js';

@Module({ providers: [ProviderHealthClient, SummaryWriter], exports: [SummaryWriter] })
export class SummariesModule {}
