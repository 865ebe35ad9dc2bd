import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { CurrentUser, RequirePermission } from '@gatehouse/access-control';
import { EndSessions, type LogoutAllAnswer, type Principal } from '@gatehouse/auth-contracts';
import { Idempotent } from '@gatehouse/redis-transport';
import { UserSessionsManager } from './user-sessions.manager.js';

/** For services that have a reason to end what a user has begun. */
@Controller()
export class UserSessionsConsumer {
  constructor(private readonly sessions: UserSessionsManager) {}

  @MessagePattern('auth.end-sessions')
  @RequirePermission('sessions:revoke')
  @Idempotent()
  end(
    @Payload({ schema: EndSessions }) { userId }: EndSessions,
    @CurrentUser() by: Principal,
  ): Promise<LogoutAllAnswer> {
    return this.sessions.revokeAll(userId, by);
  }
}
