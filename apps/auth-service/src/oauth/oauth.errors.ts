/** An error of the token endpoint, in the shape that OAuth clients read (RFC 6749 §5.2) rather than problem+json. */
export class OAuthError extends Error {
  constructor(
    readonly error: 'invalid_request' | 'invalid_client' | 'unsupported_grant_type',
    readonly status: 400 | 401,
    description: string,
  ) {
    super(description);
    this.name = 'OAuthError';
  }
}
