import { Controller, Get, Header, Headers, Query, Res, UseFilters } from '@nestjs/common';
import { CurrentUser } from '@gatehouse/access-control';
import { type Principal, VerifyAccessQuery } from '@gatehouse/auth-contracts';
import { CurrentRequest, type RequestContext } from '@gatehouse/service-bootstrap';
import { ApiBearerAuth, ApiQuery, ApiResponse } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { forwardedRequest } from './forwarded-request.js';
import { GatewayVerificationManager } from './gateway-verification.manager.js';
import { GatewayRefusalFilter } from './gateway-refusal.filter.js';
import { identityHeaders } from './identity-headers.js';

const identity = (description: string) => ({ description, schema: { type: 'string' as const } });

@Controller('v1/auth/verify')
@ApiBearerAuth()
@UseFilters(GatewayRefusalFilter)
export class GatewayVerificationController {
  constructor(private readonly verification: GatewayVerificationManager) {}

  /** Whether a gateway is to let a request in (nginx `auth_request`, Traefik `forwardAuth`), and who it is from. */
  @Get()
  @ApiQuery({ name: 'role', required: false, isArray: true, type: String, description: 'Or a higher one' })
  @ApiQuery({ name: 'permission', required: false, isArray: true, type: String, description: 'All of them' })
  @ApiResponse({
    status: 200,
    description: 'It is; no body',
    headers: {
      'X-Auth-Subject': identity("The user's, service's or API key's id"),
      'X-Auth-Role': identity('Of a user'),
      'X-Auth-Session': identity('Of a user'),
      'X-Auth-Permissions': identity('Comma-separated; not there beyond 2 KB'),
    },
  })
  @ApiResponse({ status: 400, description: '`ambiguous-credentials`, `validation-failed`: an unknown role' })
  @ApiResponse({ status: 401, description: '`unauthenticated`' })
  @ApiResponse({ status: 403, description: '`insufficient-role`, `insufficient-permission`' })
  @Header('cache-control', 'no-store')
  async verify(
    @Query({ schema: VerifyAccessQuery }) needed: VerifyAccessQuery,
    @CurrentUser() principal: Principal,
    @CurrentRequest() request: RequestContext,
    @Headers() headers: Record<string, string | string[] | undefined>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    await this.verification.demand(principal, needed, { forwarded: forwardedRequest(headers), request });
    void reply.headers(identityHeaders(principal));
  }
}
