import { Module } from '@nestjs/common';
import { OverrideRegistry } from './override.registry.js';
import { OverrideRepository } from './override.repository.js';

@Module({
  providers: [OverrideRegistry, OverrideRepository],
  exports: [OverrideRegistry, OverrideRepository],
})
export class OverrideRegistryModule {}
