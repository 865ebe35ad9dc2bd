import { Module } from '@nestjs/common';
import { AccountPasswordsModule } from '../account-passwords/account-passwords.module.js';
import { AccountsModule } from '../accounts/accounts.module.js';
import { RolesModule } from '../roles/roles.module.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { UserDirectory } from './user.directory.js';
import { UserEditor } from './user.editor.js';
import { UserManager } from './user.manager.js';
import { UserSessionsConsumer } from './user-sessions.consumer.js';
import { UserSessionsController } from './user-sessions.controller.js';
import { UserSessionsManager } from './user-sessions.manager.js';
import { UsersController } from './users.controller.js';

@Module({
  imports: [AccountPasswordsModule, AccountsModule, RolesModule, SessionsModule],
  controllers: [UserSessionsConsumer, UsersController, UserSessionsController],
  providers: [UserDirectory, UserEditor, UserManager, UserSessionsManager],
})
export class UsersModule {}
