import type { Principal } from '@gatehouse/auth-contracts';
import type { JSONWebKeySet } from 'jose';
import type { AccessTokenClaims } from './access-token-claims.js';

/** How a service recognises the tokens of the platform. */
export interface AccessControlOptions {
  /** `iss` that tokens must have: the public origin of the platform. */
  issuer: string;
  /** `aud` that tokens must have. */
  audience: string;
  /** Where auth-service publishes its signing keys, e.g. `https://…/.well-known/jwks.json`. */
  jwksUrl?: string;
  /** The keys themselves, in place of `jwksUrl`: auth-service asks nobody for its own. */
  keys?: () => Promise<JSONWebKeySet>;
  /**
   * Asked after signature and claims have been found good; it throws to refuse. auth-service looks up the session here.
   */
  afterVerification?: (principal: Principal, claims: AccessTokenClaims) => Promise<void>;
}
