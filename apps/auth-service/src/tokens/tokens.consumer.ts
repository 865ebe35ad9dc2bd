import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { RequirePermission, UnauthenticatedError } from '@gatehouse/access-control';
import { VerifyToken, type VerifyTokenAnswer } from '@gatehouse/auth-contracts';
import { TokenManager } from './token.manager.js';

/** For services that cannot verify tokens by themselves. */
@Controller()
export class TokensConsumer {
  constructor(private readonly tokens: TokenManager) {}

  /** Of a token that is not accepted nothing is told but that. */
  @MessagePattern('auth.verify-token')
  @RequirePermission('auth:introspect')
  async verify(@Payload({ schema: VerifyToken }) { token }: VerifyToken): Promise<VerifyTokenAnswer> {
    try {
      return { active: true, principal: await this.tokens.verifyToken(token) };
    } catch (error) {
      if (error instanceof UnauthenticatedError) return { active: false };
      throw error;
    }
  }
}
