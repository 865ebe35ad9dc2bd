import { DomainError } from '@gatehouse/problem-details';

/** 401 `invalid-refresh-token`: not one of ours, expired, or its session has ended. Sign in again. */
export class InvalidRefreshTokenError extends DomainError {
  constructor(cause?: unknown) {
    super({ type: 'invalid-refresh-token', status: 401, title: 'The refresh token is not valid', cause });
  }
}

/** 401 `refresh-token-reused`: it was used before, so somebody else may have it. Its session has ended. */
export class RefreshTokenReusedError extends DomainError {
  constructor() {
    super({
      type: 'refresh-token-reused',
      status: 401,
      title: 'The refresh token was used before, its session has ended',
    });
  }
}
