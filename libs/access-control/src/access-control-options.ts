import type { ApiKeyFacts, PermissionMap, Principal, VerifyApiKey } from '@gatehouse/auth-contracts';
import type { RedisTransportOptions } from '@gatehouse/redis-transport';
import type { JSONWebKeySet } from 'jose';
import type { AccessTokenClaims } from './tokens/access-token-claims.js';
import type { KnownRevocations } from './revocations/known-revocations.js';
import type { StalenessPolicy } from './revocations/revocation-staleness.js';

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
  /**
   * The Redis over which auth-service tells what is revoked and what roles come to. Not needed in an application that
   * imports `RedisTransportModule`. Without either, revocation is off.
   */
  redis?: RedisTransportOptions['redis'];
  /** Namespace of the transport on that Redis; `gatehouse`. */
  namespace?: string;
  /** What is done while it is not certain that every revocation is known. */
  staleness?: Partial<StalenessPolicy>;
  /** How many tokens are kept whose signature was found good, so that it is not computed again; 10,000. */
  verifiedTokens?: number;
  /** For how many API keys is kept, for half a minute, what auth-service said of them; 10,000. */
  verifiedApiKeys?: number;
  /**
   * Whether answers tell which rule refused (`X-Auth-Decision`) and how old the revocations are
   * (`X-Auth-Revocations-Age`, milliseconds): for development; off.
   */
  explain?: boolean;
  /** The revocations themselves, in place of what is heard: auth-service asks nobody for its own. */
  revocations?: KnownRevocations;
  /** The permission map itself, in place of what is heard and signed: auth-service asks nobody for its own. */
  permissionMap?: () => Promise<PermissionMap>;
  /** What is known of an API key, in place of what is asked for and signed: auth-service asks nobody for its own. */
  apiKeys?: (question: VerifyApiKey) => Promise<ApiKeyFacts | undefined>;
  /**
   * Asked after signature, claims and revocation have been found good; it throws to refuse. auth-service looks up the
   * session here.
   */
  afterVerification?: (principal: Principal, claims: AccessTokenClaims) => Promise<void>;
}
