import { Module } from '@nestjs/common';
import { RevocationsModule } from '../revocations/revocations.module.js';
import { SessionDirectory } from './session.directory.js';
import { SessionHousekeeper } from './session.housekeeper.js';
import { SessionManager } from './session.manager.js';
import { SessionRepository } from './session.repository.js';
import { UserAgentRepository } from './user-agent.repository.js';

@Module({
  imports: [RevocationsModule],
  providers: [SessionHousekeeper, SessionDirectory, SessionManager, SessionRepository, UserAgentRepository],
  exports: [RevocationsModule, SessionDirectory, SessionManager, UserAgentRepository],
})
export class SessionsModule {}
