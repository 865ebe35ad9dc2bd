import { Module } from '@nestjs/common';
import { PasswordsModule } from '../passwords/passwords.module.js';
import { RateLimitsModule } from '../rate-limits/rate-limits.module.js';
import { AccountEditor } from './account.editor.js';
import { AccountManager } from './account.manager.js';
import { AccountRepository } from './account.repository.js';
import { AccountsController } from './accounts.controller.js';
import { AdminBootstrapper } from './admin.bootstrapper.js';
import { PasswordRehasher } from './password.rehasher.js';
import { PasswordVerifier } from './password.verifier.js';

@Module({
  imports: [PasswordsModule, RateLimitsModule],
  controllers: [AccountsController],
  providers: [
    ...[AccountEditor, AccountManager, AccountRepository, AdminBootstrapper],
    ...[PasswordRehasher, PasswordVerifier],
  ],
  exports: [AccountEditor, AccountManager, PasswordVerifier],
})
export class AccountsModule {}
