import { Module } from '@nestjs/common';
import { SessionManager } from './session.manager.js';
import { SessionRepository } from './session.repository.js';

@Module({ providers: [SessionManager, SessionRepository], exports: [SessionManager] })
export class SessionsModule {}
