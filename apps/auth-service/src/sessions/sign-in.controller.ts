import { Body, Controller, Header, HttpCode, Post } from '@nestjs/common';
import { Public } from '@gatehouse/access-control';
import { type LoginAnswer, LoginBody, RefreshBody, type TokenPair } from '@gatehouse/auth-contracts';
import { CurrentRequest, type RequestContext } from '@gatehouse/service-bootstrap';
import { RefreshManager } from './refresh.manager.js';
import { SignInManager } from './sign-in.manager.js';

@Controller('v1/auth')
export class SignInController {
  constructor(
    private readonly signIn: SignInManager,
    private readonly refreshing: RefreshManager,
  ) {}

  /** Begins a session. */
  @Post('login')
  @Public()
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  login(
    @Body({ schema: LoginBody }) body: LoginBody,
    @CurrentRequest() request: RequestContext,
  ): Promise<LoginAnswer> {
    return this.signIn.login(body, request);
  }

  /** Changes a refresh token for new tokens; each is good once. */
  @Post('refresh')
  @Public()
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  refresh(
    @Body({ schema: RefreshBody }) body: RefreshBody,
    @CurrentRequest() request: RequestContext,
  ): Promise<TokenPair> {
    return this.refreshing.refresh(body.refreshToken, request);
  }
}
