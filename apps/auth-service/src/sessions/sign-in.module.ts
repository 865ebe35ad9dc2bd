import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module.js';
import { PasswordsModule } from '../passwords/passwords.module.js';
import { RateLimitsModule } from '../rate-limits/rate-limits.module.js';
import { TokensModule } from '../tokens/tokens.module.js';
import { SessionsModule } from './sessions.module.js';
import { FloodGate } from './flood.gate.js';
import { LoginGate } from './login.gate.js';
import { LoginManager } from './login.manager.js';
import { RefreshManager } from './refresh.manager.js';
import { ReuseManager } from './reuse.manager.js';
import { SessionsConsumer } from './sessions.consumer.js';
import { SessionsController } from './sessions.controller.js';
import { SignInController } from './sign-in.controller.js';
import { SignInManager } from './sign-in.manager.js';
import { SignOutManager } from './sign-out.manager.js';

@Module({
  imports: [AccountsModule, PasswordsModule, RateLimitsModule, SessionsModule, TokensModule],
  controllers: [SessionsConsumer, SessionsController, SignInController],
  providers: [
    ...[FloodGate, LoginGate, LoginManager, RefreshManager, ReuseManager, SignInManager, SignOutManager],
  ],
})
export class SignInModule {}
