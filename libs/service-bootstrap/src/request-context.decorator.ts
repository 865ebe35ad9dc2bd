import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

/** Where a request came from, as far as it can be believed: for sessions and the audit trail. */
export interface RequestContext {
  /** The client's address; a proxy's word for it counts only from `TRUSTED_PROXIES`. */
  ip: string;
  userAgent?: string;
  requestId: string;
}

/** The `RequestContext` of an HTTP request, as a parameter of its handler. */
export const CurrentRequest = createParamDecorator(
  (_options: undefined, context: ExecutionContext): RequestContext => {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    return { ip: request.ip, userAgent: request.headers['user-agent'], requestId: String(request.id) };
  },
);
