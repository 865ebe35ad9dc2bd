export type OAuthErrorCode =
  | 'invalid_request'
  | 'invalid_client'
  | 'invalid_scope'
  | 'unauthorized_client'
  | 'unsupported_grant_type'
  | 'unsupported_token_type';

/** An error of an OAuth endpoint, in the shape that its clients read (RFC 6749 §5.2) rather than problem+json. */
export class OAuthError extends Error {
  constructor(
    readonly error: OAuthErrorCode,
    readonly status: 400 | 401 | 403 | 415,
    description: string,
  ) {
    super(description);
    this.name = 'OAuthError';
  }
}

export const invalidRequest = (description: string): OAuthError =>
  new OAuthError('invalid_request', 400, description);

export const invalidClient = (description: string): OAuthError =>
  new OAuthError('invalid_client', 401, description);
