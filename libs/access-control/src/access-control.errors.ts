import { DomainError } from '@gatehouse/problem-details';

/**
 * 401 `unauthenticated`, with the challenge of RFC 6750 §3: no token is a bare challenge, a token that is not valid here
 * says `error="invalid_token"`. Why it is not valid goes to the log only.
 */
export class UnauthenticatedError extends DomainError {
  constructor(options: { reason?: string; cause?: unknown; credential?: 'access token' | 'API key' } = {}) {
    const refused = options.reason !== undefined;
    super({
      type: 'unauthenticated',
      status: 401,
      title: 'Authentication is required',
      detail: refused
        ? `The ${options.credential ?? 'access token'} is not valid`
        : 'Send an access token: "Authorization: Bearer …"',
      headers: { 'www-authenticate': refused ? 'Bearer error="invalid_token"' : 'Bearer' },
      cause: options.cause ?? options.reason,
    });
  }
}

/** 400 `ambiguous-credentials`: a request shows one credential, not two. */
export class AmbiguousCredentialsError extends DomainError {
  constructor() {
    super({
      type: 'ambiguous-credentials',
      status: 400,
      title: 'Send one credential',
      detail: 'Send either "Authorization: Bearer …" or "X-API-Key", not both',
    });
  }
}

/** 403 `insufficient-role`: the caller is known, its role is too low. */
export class InsufficientRoleError extends DomainError {
  constructor(needed: string) {
    super({
      type: 'insufficient-role',
      status: 403,
      title: 'Your role does not allow this',
      detail: `The role "${needed}" or higher is needed`,
    });
  }
}

/** 403 `insufficient-permission`: the caller is known and lacks a permission. */
export class InsufficientPermissionError extends DomainError {
  constructor(needed: readonly string[], kind: 'all' | 'any') {
    super({
      type: 'insufficient-permission',
      status: 403,
      title: 'You lack a permission for this',
      detail: `Needed${kind === 'any' ? ', one of' : ''}: ${needed.join(', ')}`,
      headers: { 'www-authenticate': `Bearer error="insufficient_scope", scope="${needed.join(' ')}"` },
    });
  }
}

/** 503 `revocations-unknown`: whether the credential was revoked cannot be said just now. Come again in a second. */
export class RevocationsUnknownError extends DomainError {
  constructor() {
    super({
      type: 'revocations-unknown',
      status: 503,
      title: 'It cannot be said whether you are still signed in',
      detail: 'The revocations are not known here just now',
      retryAfterSeconds: 1,
    });
  }
}
