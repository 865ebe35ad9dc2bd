import { Controller, Get, Header, HttpCode, Param, Post } from '@nestjs/common';
import { CurrentUser, RequirePermission } from '@gatehouse/access-control';
import { type LogoutAllAnswer, type Principal, type SessionsAnswer, UserId } from '@gatehouse/auth-contracts';
import { CurrentRequest, type RequestContext } from '@gatehouse/service-bootstrap';
import { UserDirectory } from './user.directory.js';
import { UserSessionsManager } from './user-sessions.manager.js';

/** The sessions of one user, for admins. */
@Controller('v1/auth/users/:id/sessions')
export class UserSessionsController {
  constructor(
    private readonly directory: UserDirectory,
    private readonly sessions: UserSessionsManager,
  ) {}

  @Get()
  @RequirePermission('users:read')
  @Header('cache-control', 'no-store')
  list(@Param('id', { schema: UserId }) id: string, @CurrentUser() by: Principal): Promise<SessionsAnswer> {
    return this.directory.sessionsOf(id, by.sessionId);
  }

  /** Ends all sessions of the user. */
  @Post('revoke')
  @RequirePermission('sessions:revoke')
  @HttpCode(200)
  revoke(
    @Param('id', { schema: UserId }) id: string,
    @CurrentUser() by: Principal,
    @CurrentRequest() request: RequestContext,
  ): Promise<LogoutAllAnswer> {
    return this.sessions.revokeAll(id, by, request);
  }
}
