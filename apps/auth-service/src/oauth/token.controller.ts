import { Controller, Post, UseGuards } from '@nestjs/common';
import { CurrentRequest, type RequestContext } from '@gatehouse/service-bootstrap';
import { LimitedPerAddress } from '../rate-limits/address-limit.decorator.js';
import { AddressLimitGuard } from '../rate-limits/address-limit.guard.js';
import { AccessTokenSigner } from '../tokens/access-token.signer.js';
import { ClientAuthenticator } from './client.authenticator.js';
import { CurrentForm } from './form-request.decorator.js';
import type { FormRequest } from './form-request.js';
import { OAuthEndpoint } from './oauth-endpoint.decorator.js';
import { narrow, readTokenRequest } from './token-request.js';

/** The answer of RFC 6749 §5.1. */
interface AccessTokenAnswer {
  access_token: string;
  token_type: 'Bearer';
  /** Seconds. */
  expires_in: number;
  /** The permissions of the token; not there when it has none. */
  scope?: string;
}

@Controller('v1/auth/token')
export class TokenController {
  constructor(
    private readonly clients: ClientAuthenticator,
    private readonly accessTokens: AccessTokenSigner,
  ) {}

  /** A service's own access token by client credentials (RFC 6749 §4.4). */
  @Post()
  @UseGuards(AddressLimitGuard)
  @LimitedPerAddress('token')
  @OAuthEndpoint({
    required: ['grant_type'],
    parameters: {
      grant_type: { type: 'string', enum: ['client_credentials'] },
      scope: {
        type: 'string',
        description: 'Permissions, joined by spaces, each within those of the client; all of them without it',
        example: 'providers:read providers:report',
      },
    },
    answer: {
      description: 'An access token',
      schema: {
        type: 'object',
        required: ['access_token', 'token_type', 'expires_in'],
        properties: {
          access_token: { type: 'string' },
          token_type: { type: 'string', enum: ['Bearer'] },
          expires_in: { type: 'integer', description: 'Seconds' },
          scope: { type: 'string', description: 'The permissions of the token, joined by spaces' },
        },
      },
    },
    errors: { 400: ['unsupported_grant_type', 'invalid_scope'] },
  })
  async issue(
    @CurrentForm() form: FormRequest,
    @CurrentRequest() request: RequestContext,
  ): Promise<AccessTokenAnswer> {
    const { scope } = readTokenRequest(form);
    const service = await this.clients.authenticate(form, request);
    const permissions = narrow(service.permissions, scope);
    return {
      access_token: await this.accessTokens.signForService({ ...service, permissions }),
      ...{ token_type: 'Bearer', expires_in: this.accessTokens.lifetimeSeconds },
      ...(permissions.length === 0 ? {} : { scope: permissions.join(' ') }),
    };
  }
}
