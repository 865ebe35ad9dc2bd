import { Module } from '@nestjs/common';
import { ProviderHistory } from './provider.history.js';
import { TransitionRepository } from './transition.repository.js';

@Module({
  providers: [ProviderHistory, TransitionRepository],
  exports: [ProviderHistory, TransitionRepository],
})
export class ProviderHistoryModule {}
