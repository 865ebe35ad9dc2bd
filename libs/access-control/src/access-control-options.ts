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
   * `JWT_SECRET_KEY` of a platform whose auth-service signs with HS256, beside the keys above: tokens of that secret are
   * accepted too. Whoever has it can also issue tokens.
   */
  secret?: string;
  /** How many tokens are kept whose signature was found good, so that it is not computed again; 10,000. */
  verifiedTokens?: number;
  /**
   * The time by which it is decided whether a token has expired, milliseconds since 1970; by default the clock of the host.
   * `RevocationFeed.now` is right where that is wrong.
   */
  now?: () => number;
  /**
   * Asked after signature and claims have been found good; it throws to refuse. auth-service looks up the session here.
   */
  afterVerification?: (principal: Principal, claims: AccessTokenClaims) => Promise<void>;
}
