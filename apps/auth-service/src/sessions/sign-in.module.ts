import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module.js';
import { TokensModule } from '../tokens/tokens.module.js';
import { SessionsModule } from './sessions.module.js';
import { SignInController } from './sign-in.controller.js';
import { SignInManager } from './sign-in.manager.js';

@Module({
  imports: [AccountsModule, SessionsModule, TokensModule],
  controllers: [SignInController],
  providers: [SignInManager],
})
export class SignInModule {}
