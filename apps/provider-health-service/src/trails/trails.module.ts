import { Module } from '@nestjs/common';
import { EditorTrail } from './editor.trail.js';

@Module({ providers: [EditorTrail], exports: [EditorTrail] })
export class TrailsModule {}
