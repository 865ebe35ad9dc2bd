import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { PasswordChangeManager } from './password-change.manager.js';
import { PasswordChangesController } from './password-changes.controller.js';

@Module({
  imports: [AccountsModule, SessionsModule],
  controllers: [PasswordChangesController],
  providers: [PasswordChangeManager],
})
export class PasswordChangesModule {}
