import { Module } from '@nestjs/common';
import { MarkRegistry } from './mark.registry.js';
import { MarkRepository } from './mark.repository.js';

@Module({ providers: [MarkRegistry, MarkRepository], exports: [MarkRegistry, MarkRepository] })
export class MarkRegistryModule {}
