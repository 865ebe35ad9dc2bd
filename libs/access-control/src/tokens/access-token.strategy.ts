import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import type { Principal } from '@gatehouse/auth-contracts';
import { DomainError } from '@gatehouse/problem-details';
import { Strategy } from 'passport-jwt';
import { UnauthenticatedError } from '../access-control.errors.js';
import { AccessTokenVerifier } from './access-token.verifier.js';
import { bearerToken } from './bearer-token.js';
import { readCompactHeader } from './compact-jws.js';
import { VerificationKeys } from '../keys/verification.keys.js';

/** The name to give `AuthGuard`. */
export const ACCESS_TOKEN_STRATEGY = 'access-token';

interface Request {
  headers: { authorization?: string };
}

/**
 * Access tokens for a service that is built around `@nestjs/passport`: `@UseGuards(AuthGuard('access-token'))` sets
 * `request.user` to the `Principal`. `AccessTokenVerifier` decides, as in `AuthenticationGuard`; then passport-jwt
 * verifies the token too, by the key that the verifier has found.
 *
 * A token that is refused answers `UnauthenticatedError` (401), one that cannot be decided on
 * `DependencyUnavailableError` (503). The service's own guards of `AccessControlModule` stay in force: such a route is
 * marked `@Public()` for them.
 */
@Injectable()
export class AccessTokenStrategy extends PassportStrategy(Strategy, ACCESS_TOKEN_STRATEGY) {
  private readonly principals: WeakMap<object, Principal>;

  constructor(verifier: AccessTokenVerifier, keys: VerificationKeys) {
    const principals = new WeakMap<object, Principal>();
    super({
      jwtFromRequest: ({ headers }: Request) => bearerToken(headers.authorization ?? '') ?? null,
      secretOrKeyProvider: (request: object, token: string, done) => {
        verify(request, token).then(
          (key) => done(null, key),
          (error: unknown) => done(error),
        );
      },
      algorithms: ['ES256', 'RS256', 'HS256'],
      passReqToCallback: true,
    });
    this.principals = principals;

    async function verify(request: object, token: string): Promise<string | Buffer> {
      principals.set(request, await verifier.verify(token));
      const key = await keys.find(readCompactHeader(token)?.kid ?? '');
      if (key === undefined) throw new UnauthenticatedError({ reason: 'its key was withdrawn' });
      return key.alg === 'HS256' ? key.key.export() : key.key.export({ type: 'spki', format: 'pem' });
    }
  }

  /** Passport calls it on an object of its own for each request. */
  override authenticate(request: Parameters<Strategy['authenticate']>[0], options?: object): void {
    const fail = this.fail.bind(this) as (reason: unknown) => void;
    // What the verifier throws is thrown by the guard as it is; passport would make a bare 401 of it.
    this.fail = (reason?: unknown) => (reason instanceof DomainError ? this.error(reason) : fail(reason));
    super.authenticate(request, options);
  }

  /** What `request.user` is. */
  validate(request: object): Principal | undefined {
    return this.principals.get(request);
  }
}
