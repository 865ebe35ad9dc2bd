import { Module } from '@nestjs/common';
import { PasswordsModule } from '../passwords/passwords.module.js';
import { AccountEditor } from './account.editor.js';
import { AccountManager } from './account.manager.js';
import { AccountRepository } from './account.repository.js';
import { AccountsController } from './accounts.controller.js';
import { AdminBootstrapper } from './admin.bootstrapper.js';

@Module({
  imports: [PasswordsModule],
  controllers: [AccountsController],
  providers: [AccountEditor, AccountManager, AccountRepository, AdminBootstrapper],
  exports: [AccountEditor, AccountManager],
})
export class AccountsModule {}
