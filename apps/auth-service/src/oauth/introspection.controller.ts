import { Controller, Post } from '@nestjs/common';
import { CurrentRequest, type RequestContext } from '@gatehouse/service-bootstrap';
import { ClientAuthenticator, demandPermission } from './client.authenticator.js';
import { CurrentForm } from './form-request.decorator.js';
import { demandParameter, type FormRequest } from './form-request.js';
import { IntrospectionManager } from './introspection.manager.js';
import type { Introspection } from './introspection.js';
import { OAuthEndpoint, TOKEN_PARAMETERS } from './oauth-endpoint.decorator.js';

const text = (description: string) => ({ type: 'string', description });

@Controller('v1/auth/introspect')
export class IntrospectionController {
  constructor(
    private readonly clients: ClientAuthenticator,
    private readonly introspections: IntrospectionManager,
  ) {}

  /** Whether a token is accepted now, and for what (RFC 7662). For clients with `auth:introspect`. */
  @Post()
  @OAuthEndpoint({
    ...TOKEN_PARAMETERS,
    answer: {
      description: 'What is known of the token; of one that is not accepted nothing but that',
      schema: {
        type: 'object',
        required: ['active'],
        properties: {
          active: { type: 'boolean' },
          token_use: { type: 'string', enum: ['access_token', 'refresh_token', 'api_key'] },
          token_type: { type: 'string', enum: ['Bearer'], description: 'Of an access token' },
          scope: text('The permissions, joined by spaces; of an access token'),
          permissions: { type: 'array', items: { type: 'string' } },
          role: text('Of a user'),
          sid: text('The session of a user'),
          owner: text('The user whose API key it is'),
          username: text('The email of a user'),
          ...{ client_id: { type: 'string' }, sub: { type: 'string' }, aud: { type: 'string' } },
          ...{ iss: { type: 'string' }, jti: { type: 'string' } },
          ...{ iat: { type: 'integer' }, exp: { type: 'integer' } },
        },
      },
    },
    errors: { 403: ['unauthorized_client'] },
  })
  async introspect(
    @CurrentForm() form: FormRequest,
    @CurrentRequest() request: RequestContext,
  ): Promise<Introspection> {
    const client = await this.clients.authenticate(form, request);
    demandPermission(client, 'auth:introspect');
    return this.introspections.introspect(demandParameter(form, 'token'));
  }
}
