import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { requirementOfContext } from './access.metadata.js';
import { AmbiguousCredentialsError, UnauthenticatedError } from './access-control.errors.js';
import { AccessTokenVerifier } from './access-token.verifier.js';
import { bearerToken } from './bearer-token.js';
import { credentialsOf, setPrincipal } from './request.carrier.js';

/** Finds out who calls. Every route and message handler needs a valid token unless it says otherwise. */
@Injectable()
export class AuthenticationGuard implements CanActivate {
  constructor(private readonly verifier: AccessTokenVerifier) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const { mode } = requirementOfContext(context);
    if (mode === 'public') return true;
    const { authorization, apiKey, at } = credentialsOf(context);
    if (authorization !== undefined && apiKey !== undefined) throw new AmbiguousCredentialsError();
    if (apiKey !== undefined)
      throw new UnauthenticatedError({ reason: 'an API key, which this service does not take' });
    if (authorization === undefined) {
      if (mode === 'optional') return true;
      throw new UnauthenticatedError();
    }
    const token = bearerToken(authorization);
    if (token === undefined) throw new UnauthenticatedError({ reason: 'not a Bearer token' });
    setPrincipal(context, await this.verifier.verify(token, at));
    return true;
  }
}
