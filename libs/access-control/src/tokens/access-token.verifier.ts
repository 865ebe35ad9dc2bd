import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '@gatehouse/auth-contracts';
import type { AccessControlOptions } from '../access-control-options.js';
import { UnauthenticatedError } from '../access-control.errors.js';
import { ACCESS_CONTROL_OPTIONS } from '../access-control.tokens.js';
import { ACCESS_TOKEN_TYPE, type AccessTokenClaims, principalOf, refusalOf } from './access-token-claims.js';
import { readCompactJws } from './compact-jws.js';
import { isSignedBy } from './jws-signature.js';
import { RevocationGate } from '../revocations/revocation.gate.js';
import { RoleCatalogue } from '../roles/role.catalogue.js';
import { VerificationKeys } from '../keys/verification.keys.js';
import { type VerifiedToken, VerifiedTokens } from './verified-tokens.js';

const VERIFIED_TOKENS = 10_000;
const STRICTEST = { role: 'admin', permissions: [], anyPermission: [] } as const;

/** Who a token speaks for, and what it says of itself. */
export interface VerifiedAccess {
  principal: Principal;
  claims: AccessTokenClaims;
}

/**
 * Verifies access tokens locally: strict form and header first, then the signature by the key that `kid` names and only
 * with that key's algorithm, then issuer, audience, expiry and type (RFC 8725, RFC 9068 §4). A token that comes again is
 * spared the signature; that its key is still in use, its expiry and its revocation are looked at each time.
 */
@Injectable()
export class AccessTokenVerifier {
  private readonly verified: VerifiedTokens;

  constructor(
    @Inject(ACCESS_CONTROL_OPTIONS) private readonly options: AccessControlOptions,
    private readonly keys: VerificationKeys,
    private readonly roles: RoleCatalogue,
    private readonly revocations: RevocationGate,
  ) {
    this.verified = new VerifiedTokens(options.verifiedTokens ?? VERIFIED_TOKENS);
  }

  /**
   * For what is not asked for on a guarded route or handler: the revocations must be as fresh as for an admin.
   *
   * @param token the string after `Bearer `
   * @throws as `authenticate`, and RevocationsUnknownError
   */
  async verify(token: string): Promise<Principal> {
    const { principal } = await this.authenticate(token);
    this.revocations.demandFresh(STRICTEST);
    return principal;
  }

  /**
   * Without asking how fresh the revocations are, which `RevocationGate.demandFresh` does.
   *
   * @param token the string after `Bearer `
   * @param at the time at which it must have been valid; now where it is not given
   * @throws UnauthenticatedError when it is not valid here, for whatever reason
   * @throws DependencyUnavailableError, RevocationsUnknownError (503) when it cannot be decided: no keys, roles or
   * revocations yet, or the session store is away
   */
  async authenticate(token: string, at?: Date): Promise<VerifiedAccess> {
    const known = this.verified.get(token);
    const usable = known !== undefined && (await this.keys.isInUse(known.key));
    if (known !== undefined && !usable) this.verified.delete(token);
    const verified = usable ? known : await this.verifySignature(token);
    const { claims } = verified;
    const refusal = refusalOf(claims, this.options, at?.getTime() ?? this.revocations.now());
    if (refusal !== undefined) {
      this.verified.delete(token);
      throw new UnauthenticatedError({ reason: refusal });
    }
    const principal = principalOf(claims, (role) => this.roles.demand(role));
    if (principal === undefined) throw new UnauthenticatedError({ reason: 'claims of no access token' });
    if (!usable) this.verified.add(token, verified);
    const accessClaims = claims as unknown as AccessTokenClaims;
    this.revocations.demandUnrevoked(accessClaims, at);
    await this.options.afterVerification?.(principal, accessClaims);
    return { principal, claims: accessClaims };
  }

  private async verifySignature(token: string): Promise<VerifiedToken> {
    const jws = readCompactJws(token);
    if (jws === undefined)
      throw new UnauthenticatedError({ reason: 'not a strict compact JWS of the suite' });
    const { header, claims, signed, signature } = jws;
    if (header.typ !== ACCESS_TOKEN_TYPE) throw new UnauthenticatedError({ reason: 'not an access token' });
    const key = await this.keys.find(header.kid);
    if (key === undefined) throw new UnauthenticatedError({ reason: 'its key is not known' });
    if (key.alg !== header.alg)
      throw new UnauthenticatedError({ reason: 'not the algorithm that its key is for' });
    if (!isSignedBy(key, signed, signature))
      throw new UnauthenticatedError({ reason: 'not signed by its key' });
    return { key, claims: Object.freeze(claims) };
  }
}
