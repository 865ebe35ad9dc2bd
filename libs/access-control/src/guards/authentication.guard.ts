import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { requirementOfContext } from './access.metadata.js';
import type { AccessRequirement } from './access-requirement.js';
import { AmbiguousCredentialsError, UnauthenticatedError } from '../access-control.errors.js';
import { AccessRefusals } from './access.refusals.js';
import { ApiKeyVerifier } from '../api-keys/api-key.verifier.js';
import { AccessTokenVerifier } from '../tokens/access-token.verifier.js';
import { bearerToken } from '../tokens/bearer-token.js';
import { credentialsOf, setAccess } from './request.carrier.js';
import { RevocationGate } from '../revocations/revocation.gate.js';

/** Finds out who calls. Every route and message handler needs a valid token unless it says otherwise. */
@Injectable()
export class AuthenticationGuard implements CanActivate {
  constructor(
    private readonly verifier: AccessTokenVerifier,
    private readonly apiKeys: ApiKeyVerifier,
    private readonly revocations: RevocationGate,
    private readonly refusals: AccessRefusals,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const requirement = requirementOfContext(context);
    if (requirement.mode === 'public') return true;
    this.refusals.tellAge(context);
    return this.refusals.decide(context, 'authentication', () => this.identify(context, requirement));
  }

  private async identify(context: ExecutionContext, requirement: AccessRequirement): Promise<boolean> {
    const { authorization, apiKey, address, at } = credentialsOf(context);
    if (authorization !== undefined && apiKey !== undefined) throw new AmbiguousCredentialsError();
    if (apiKey !== undefined) {
      const recheck = () => this.authenticateKey(apiKey, requirement, address);
      setAccess(context, { principal: await recheck(), recheck });
      return true;
    }
    if (authorization === undefined) {
      if (requirement.mode === 'optional') return true;
      throw new UnauthenticatedError();
    }
    const token = bearerToken(authorization);
    if (token === undefined) throw new UnauthenticatedError({ reason: 'not a Bearer token' });
    const principal = await this.authenticate(token, requirement, at);
    setAccess(context, { principal, recheck: () => this.authenticate(token, requirement) });
    return true;
  }

  private async authenticate(token: string, requirement: AccessRequirement, at?: Date) {
    const { principal } = await this.verifier.authenticate(token, at);
    this.revocations.demandFresh(requirement);
    return principal;
  }

  /** That of an event too must be accepted now: nothing is known of a key that has been deleted. */
  private async authenticateKey(key: string, requirement: AccessRequirement, address?: string) {
    const { principal } = await this.apiKeys.authenticate(key, address);
    this.revocations.demandFresh(requirement);
    return principal;
  }
}
