import { Body, Controller, Delete, Get, Header, HttpCode, Param, Post } from '@nestjs/common';
import { CurrentUser, Roles } from '@gatehouse/access-control';
import {
  type LogoutAllAnswer,
  LogoutAllBody,
  type Principal,
  type SessionsAnswer,
} from '@gatehouse/auth-contracts';
import { CurrentRequest, type RequestContext } from '@gatehouse/service-bootstrap';
import { SessionDirectory } from './session.directory.js';
import { SignOutManager } from './sign-out.manager.js';

/** A user's own sessions. */
@Controller('v1/auth')
@Roles('guest')
export class SessionsController {
  constructor(
    private readonly directory: SessionDirectory,
    private readonly signOut: SignOutManager,
  ) {}

  /** The signed-in devices of the caller, the newest first. */
  @Get('sessions')
  @Header('cache-control', 'no-store')
  async list(@CurrentUser() user: Principal): Promise<SessionsAnswer> {
    return { items: await this.directory.show(user.id, user.sessionId) };
  }

  /** Ends one session of the caller; 404 for anybody else's. */
  @Delete('sessions/:id')
  @HttpCode(204)
  end(
    @CurrentUser() user: Principal,
    @Param('id') id: string,
    @CurrentRequest() request: RequestContext,
  ): Promise<void> {
    return this.signOut.endSession(user, id, request);
  }

  /** Ends the session of the access token. */
  @Post('logout')
  @HttpCode(204)
  logout(@CurrentUser() user: Principal, @CurrentRequest() request: RequestContext): Promise<void> {
    return this.signOut.logout(user, request);
  }

  /** Ends all sessions of the caller, or all others. */
  @Post('logout-all')
  @HttpCode(200)
  logoutAll(
    @Body({ schema: LogoutAllBody }) body: LogoutAllBody,
    @CurrentUser() user: Principal,
    @CurrentRequest() request: RequestContext,
  ): Promise<LogoutAllAnswer> {
    return this.signOut.logoutAll(user, body.exceptCurrent, request);
  }
}
