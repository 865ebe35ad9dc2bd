import { Body, Controller, Header, Headers, HttpCode, Post, UseFilters, UseGuards } from '@nestjs/common';
import { Public } from '@gatehouse/access-control';
import { LimitedPerAddress } from '../rate-limits/address-limit.decorator.js';
import { AddressLimitGuard } from '../rate-limits/address-limit.guard.js';
import { ServiceAccountManager } from '../service-accounts/service-account.manager.js';
import { AccessTokenSigner } from '../tokens/access-token.signer.js';
import { OAuthErrorFilter } from './oauth-error.filter.js';
import { OAuthError } from './oauth.errors.js';
import { readTokenRequest } from './token-request.js';

/** The answer of RFC 6749 §5.1. */
interface AccessTokenAnswer {
  access_token: string;
  token_type: 'Bearer';
  /** Seconds. */
  expires_in: number;
}

@Controller('v1/auth/token')
@UseFilters(OAuthErrorFilter)
export class TokenController {
  constructor(
    private readonly services: ServiceAccountManager,
    private readonly accessTokens: AccessTokenSigner,
  ) {}

  /** A service's own access token by client credentials (RFC 6749 §4.4). */
  @Post()
  @Public()
  @UseGuards(AddressLimitGuard)
  @LimitedPerAddress('token')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @Header('pragma', 'no-cache')
  async issue(
    @Headers('content-type') contentType: string | undefined,
    @Headers('authorization') authorization: string | undefined,
    @Body() body: unknown,
  ): Promise<AccessTokenAnswer> {
    const { clientId, clientSecret } = readTokenRequest({ contentType, authorization, body });
    const service = await this.services.authenticate(clientId, clientSecret);
    if (service === undefined) throw new OAuthError('invalid_client', 401, 'Unknown client or wrong secret');
    const token = await this.accessTokens.signForService({
      id: service.clientId,
      permissions: service.permissions,
    });
    return { access_token: token, token_type: 'Bearer', expires_in: this.accessTokens.lifetimeSeconds };
  }
}
