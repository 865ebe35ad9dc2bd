import type { AccessTokenClaims } from '../tokens/access-token-claims.js';

/** The revocations as a process knows them. */
export interface KnownRevocations {
  /** How many there are. */
  readonly size: number;
  /** Milliseconds since it was certain that nothing was missed; `Infinity` before the first load. */
  ageMs(): number;
  /** The time by which tokens expire, milliseconds since 1970. */
  now(): number;
  /** @param at when the token was used, where that is not now */
  isRevoked(claims: AccessTokenClaims, at?: Date): boolean;
  isApiKeyRevoked(id: string): boolean;
  /** Calls the listener whenever there may be one more. @returns stops that */
  onChange(listener: () => void): () => void;
}
