import { Controller, Post } from '@nestjs/common';
import { CurrentRequest, type RequestContext } from '@gatehouse/service-bootstrap';
import { ClientAuthenticator } from './client.authenticator.js';
import { CurrentForm } from './form-request.decorator.js';
import { demandParameter, type FormRequest } from './form-request.js';
import { OAuthEndpoint, TOKEN_PARAMETERS } from './oauth-endpoint.decorator.js';
import { TokenRevocationManager } from './token-revocation.manager.js';

@Controller('v1/auth/revoke')
export class RevocationController {
  constructor(
    private readonly clients: ClientAuthenticator,
    private readonly revocations: TokenRevocationManager,
  ) {}

  /** Ends an access token, or the session of a refresh token (RFC 7009). One that is not valid is ended already: 200. */
  @Post()
  @OAuthEndpoint({
    ...TOKEN_PARAMETERS,
    answer: { description: 'It is not accepted any more, anywhere; no body' },
    errors: { 400: ['unsupported_token_type'], 403: ['unauthorized_client'] },
  })
  async revoke(@CurrentForm() form: FormRequest, @CurrentRequest() request: RequestContext): Promise<void> {
    const client = await this.clients.authenticate(form, request);
    await this.revocations.revoke(demandParameter(form, 'token'), { client, request });
  }
}
