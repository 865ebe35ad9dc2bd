import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '@gatehouse/auth-contracts';
import { DomainError } from '@gatehouse/problem-details';
import { jwtVerify } from 'jose';
import type { AccessControlOptions } from './access-control-options.js';
import { UnauthenticatedError } from './access-control.errors.js';
import { ACCESS_CONTROL_OPTIONS } from './access-control.tokens.js';
import { ACCESS_TOKEN_TYPE, type AccessTokenClaims, principalOf } from './access-token-claims.js';
import { readCompactHeader } from './compact-jws.js';
import { VerificationKeys } from './verification.keys.js';

/** The algorithms that a key of the platform may state; `none` and shared secrets are not among them. */
const ALGORITHMS = ['ES256', 'RS256'];

/**
 * Verifies access tokens locally: strict form and header first, then the signature by the key that `kid` names and only
 * with that key's algorithm, then issuer, audience, expiry and type (RFC 8725, RFC 9068 §4).
 */
@Injectable()
export class AccessTokenVerifier {
  constructor(
    @Inject(ACCESS_CONTROL_OPTIONS) private readonly options: AccessControlOptions,
    private readonly keys: VerificationKeys,
  ) {}

  /**
   * @param token the string after `Bearer `
   * @param at the time at which it must have been valid; now where it is not given
   * @throws UnauthenticatedError when it is not valid here, for whatever reason
   * @throws DependencyUnavailableError (503) when it cannot be decided: no keys yet, or the session store is away
   */
  async verify(token: string, at?: Date): Promise<Principal> {
    const header = readCompactHeader(token);
    if (header === undefined)
      throw new UnauthenticatedError({ reason: 'not a strict compact JWS of the suite' });
    if (header.typ !== ACCESS_TOKEN_TYPE) throw new UnauthenticatedError({ reason: 'not an access token' });
    const claims = await this.verifyClaims(token, at);
    const principal = principalOf(claims);
    if (principal === undefined) throw new UnauthenticatedError({ reason: 'claims of no access token' });
    await this.options.afterVerification?.(principal, claims as unknown as AccessTokenClaims);
    return principal;
  }

  private async verifyClaims(token: string, at?: Date): Promise<Record<string, unknown>> {
    try {
      const { payload } = await jwtVerify(token, this.keys.find, {
        algorithms: ALGORITHMS,
        issuer: this.options.issuer,
        audience: this.options.audience,
        typ: ACCESS_TOKEN_TYPE,
        requiredClaims: ['exp', 'iat', 'sub', 'jti'],
        currentDate: at,
      });
      return payload;
    } catch (error) {
      if (error instanceof DomainError) throw error;
      throw new UnauthenticatedError({ reason: 'not valid', cause: error });
    }
  }
}
