import { Body, Controller, Header, Headers, HttpCode, Post, Res } from '@nestjs/common';
import { Public } from '@gatehouse/access-control';
import { type LoginAnswer, LoginBody, RefreshBody, type TokenPair } from '@gatehouse/auth-contracts';
import { CurrentRequest, type RequestContext } from '@gatehouse/service-bootstrap';
import type { FastifyReply } from 'fastify';
import { AuthEnvironment } from '../auth.environment.js';
import { ClientGone } from './client-gone.decorator.js';
import { deviceCookie, readDeviceCookie } from './device-cookie.js';
import { LoginManager } from './login.manager.js';
import { RefreshManager } from './refresh.manager.js';

@Controller('v1/auth')
export class SignInController {
  private readonly isSecure: boolean;

  constructor(
    private readonly logins: LoginManager,
    private readonly refreshing: RefreshManager,
    environment: AuthEnvironment,
  ) {
    this.isSecure = environment.variables.ISSUER.startsWith('https:');
  }

  /** Begins a session. */
  @Post('login')
  @Public()
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  async login(
    @Body({ schema: LoginBody }) body: LoginBody,
    @CurrentRequest() request: RequestContext,
    @Headers('cookie') cookie: string | undefined,
    @ClientGone() gone: AbortSignal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<LoginAnswer> {
    const shown = body.deviceToken ?? readDeviceCookie(cookie);
    const { answer, headers: limits } = await this.logins.login(body, shown, request, gone);
    void reply.headers({ ...limits, 'set-cookie': deviceCookie(answer.deviceToken, this.isSecure) });
    return answer;
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
