import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { OAuthError } from './oauth.errors.js';

/** Answers an `OAuthError` as RFC 6749 §5.2 says. Every other error is a problem like anywhere else. */
@Catch(OAuthError)
export class OAuthErrorFilter implements ExceptionFilter<OAuthError> {
  catch(error: OAuthError, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    if (error.status === 401) void reply.header('www-authenticate', 'Basic realm="gatehouse"');
    void reply
      .status(error.status)
      .headers({ 'cache-control': 'no-store', pragma: 'no-cache' })
      .send({ error: error.error, error_description: error.message });
  }
}
