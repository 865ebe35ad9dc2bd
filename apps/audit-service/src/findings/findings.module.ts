import { Module } from '@nestjs/common';
import { FindingsRecorder } from './findings.recorder.js';
import { FindingsRepository } from './findings.repository.js';

@Module({ providers: [FindingsRecorder, FindingsRepository], exports: [FindingsRecorder] })
export class FindingsModule {}
