/**
 * Tokens that are not accepted any more though they have not expired. Named by what they say of themselves, never by
 * their text: one JWT can be written in several ways.
 */
export interface Revocation {
  /**
   * - `session`: tokens whose `sid` is `id`;
   * - `token`: the one whose `jti` is `id`;
   * - `account`: tokens whose `sub` is `id` and whose `epoch` is less than `epoch`, those of `exceptSession` left out;
   * - `api-key`: the key with this id.
   */
  kind: 'session' | 'token' | 'account' | 'api-key';
  id: string;
  epoch?: number;
  exceptSession?: string;
  /** ISO 8601: an event that was published before is its sender's still. */
  revokedAt: string;
  /** ISO 8601: no token that it is about is valid after this. */
  expiresAt: string;
}

/** What auth-service broadcasts. */
export interface AuthBroadcasts {
  'auth.revoked': Revocation;
  /** The permission map as it is now: a JWS, since whoever may publish here must not be able to add a right. */
  'auth.roles-changed': { document: string };
  /** The signing keys are not what they were: a hint to fetch the JWKS anew. */
  'auth.keys-changed': Record<string, never>;
}
