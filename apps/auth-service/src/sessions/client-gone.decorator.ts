import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply } from 'fastify';

/**
 * An `AbortSignal` that tells when the client has closed the connection before its answer, as a parameter of a handler.
 * (Fastify's `request.signal` listens to the request, which has ended as soon as its body is read.)
 */
export const ClientGone = createParamDecorator(
  (_options: undefined, context: ExecutionContext): AbortSignal => {
    const { raw } = context.switchToHttp().getResponse<FastifyReply>();
    const gone = new AbortController();
    raw.once('close', () => {
      if (!raw.writableEnded) gone.abort();
    });
    return gone.signal;
  },
);
