import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { RequirePermission } from '@gatehouse/access-control';
import { GetSession, type GetSessionAnswer } from '@gatehouse/auth-contracts';
import { SessionDirectory } from './session.directory.js';

/** What other services may ask about sessions. */
@Controller()
export class SessionsConsumer {
  constructor(private readonly directory: SessionDirectory) {}

  @MessagePattern('auth.get-session')
  @RequirePermission('users:read')
  async get(@Payload({ schema: GetSession }) { userId, sessionId }: GetSession): Promise<GetSessionAnswer> {
    const sessions = await this.directory.show(userId);
    return { session: sessions.find(({ id }) => id === sessionId) ?? null };
  }
}
