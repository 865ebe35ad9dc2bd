import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { type FormRequest, readFormRequest } from './form-request.js';

/** The form that an OAuth client has sent, as a parameter of its handler; what is none is refused as RFC 6749 says. */
export const CurrentForm = createParamDecorator(
  (_options: undefined, context: ExecutionContext): FormRequest => {
    const { headers, body } = context.switchToHttp().getRequest<FastifyRequest>();
    const { 'content-type': contentType, authorization } = headers;
    return readFormRequest({ contentType, authorization, body });
  },
);
