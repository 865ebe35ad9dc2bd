import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module.js';
import { RateLimitsModule } from '../rate-limits/rate-limits.module.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { AccountPasswordsController } from './account-passwords.controller.js';
import { PasswordChangeGate } from './password-change.gate.js';
import { PasswordChangeManager } from './password-change.manager.js';
import { PasswordResetHousekeeper } from './password-reset.housekeeper.js';
import { PasswordResetIssuer } from './password-reset.issuer.js';
import { PasswordResetManager } from './password-reset.manager.js';
import { PasswordRepository } from './password.repository.js';

@Module({
  imports: [AccountsModule, RateLimitsModule, SessionsModule],
  controllers: [AccountPasswordsController],
  providers: [
    PasswordChangeGate,
    PasswordChangeManager,
    PasswordRepository,
    PasswordResetHousekeeper,
    PasswordResetIssuer,
    PasswordResetManager,
  ],
  exports: [PasswordResetIssuer],
})
export class AccountPasswordsModule {}
