import { applyDecorators, Header, HttpCode, UseFilters } from '@nestjs/common';
import { Public } from '@gatehouse/access-control';
import { ApiBasicAuth, ApiBody, ApiConsumes, ApiResponse, ApiTags } from '@nestjs/swagger';
import { OAuthErrorFilter } from './oauth-error.filter.js';
import type { OAuthErrorCode } from './oauth.errors.js';

type Properties = Record<string, { type: string; description?: string; enum?: string[]; example?: string }>;

export interface OAuthEndpointOptions {
  /** The parameters of the form beside those of the client's authentication. */
  parameters: Properties;
  required: string[];
  /** What it answers, in words and as a schema. */
  answer: { description: string; schema?: object };
  /** Which errors it answers beside those of the client's authentication, by status. */
  errors: Partial<Record<400 | 403, OAuthErrorCode[]>>;
}

const CLIENT: Properties = {
  client_id: { type: 'string', description: 'Unless the client authenticates by Basic' },
  client_secret: { type: 'string', description: 'Unless the client authenticates by Basic' },
};

/** Of an endpoint that is about a token. */
export const TOKEN_PARAMETERS: Pick<OAuthEndpointOptions, 'parameters' | 'required'> = {
  required: ['token'],
  parameters: {
    token: { type: 'string', description: 'An access token or a refresh token' },
    token_type_hint: { type: 'string', description: 'Not needed: a token says what it is' },
  },
};

/**
 * An endpoint of OAuth: takes a form, answers JSON that nobody keeps, and errors as RFC 6749 §5.2. The client shows itself in
 * the request, so no access token is needed.
 */
export const OAuthEndpoint = ({ parameters, required, answer, errors }: OAuthEndpointOptions) =>
  applyDecorators(
    Public(),
    UseFilters(OAuthErrorFilter),
    HttpCode(200),
    Header('cache-control', 'no-store'),
    Header('pragma', 'no-cache'),
    ApiTags('OAuth'),
    ApiBasicAuth('client'),
    ApiConsumes('application/x-www-form-urlencoded'),
    ApiBody({
      required: true,
      schema: { type: 'object', required, properties: { ...parameters, ...CLIENT } },
    }),
    ApiResponse({ status: 200, ...answer }),
    ApiResponse(errorResponse(400, ['invalid_request', ...(errors[400] ?? [])])),
    ApiResponse(errorResponse(401, ['invalid_client'])),
    ...(errors[403] === undefined ? [] : [ApiResponse(errorResponse(403, errors[403]))]),
    ApiResponse(errorResponse(415, ['invalid_request'])),
  );

const errorResponse = (status: number, codes: OAuthErrorCode[]) => ({
  status,
  description: codes.join(', '),
  schema: {
    type: 'object',
    required: ['error'],
    properties: {
      error: { type: 'string', enum: codes },
      error_description: { type: 'string' },
    },
  },
});
