import { type ArgumentsHost, Catch, Injectable, Logger } from '@nestjs/common';
import { UnauthenticatedError } from '@gatehouse/access-control';
import { DomainErrorFilter } from '@gatehouse/problem-details';
import type { FastifyRequest } from 'fastify';
import { forwardedRequest } from './forwarded-request.js';
import { GatewayVerificationManager } from './gateway-verification.manager.js';

/** Tells the audit trail of callers of gateways whom the guard did not know, and answers as everywhere. */
@Injectable()
@Catch(UnauthenticatedError)
export class GatewayRefusalFilter extends DomainErrorFilter {
  private readonly log = new Logger(GatewayRefusalFilter.name);

  constructor(private readonly verification: GatewayVerificationManager) {
    super();
  }

  override catch(error: UnauthenticatedError, host: ArgumentsHost): ReturnType<DomainErrorFilter['catch']> {
    const { ip, id, headers } = host.switchToHttp().getRequest<FastifyRequest>();
    const request = { ip, userAgent: headers['user-agent'], requestId: String(id) };
    // Nobody waits for it: it changes nothing for the caller.
    this.verification
      .tellUnauthenticated({ forwarded: forwardedRequest(headers), request })
      .catch((cause: unknown) => this.log.debug({ err: cause }, 'A refusal could not be told'));
    return super.catch(error, host);
  }
}
