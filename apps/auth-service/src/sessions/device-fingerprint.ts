import { createHash } from 'node:crypto';

/**
 * Tells whether two requests come from the same device, as far as a request shows it. Not a secret: an attacker who has
 * the refresh token and copies the user agent passes for it, which is why a predecessor is honoured for seconds only.
 */
export function deviceFingerprint(userAgent: string | undefined): string {
  return createHash('sha256')
    .update(userAgent ?? '')
    .digest('base64url')
    .slice(0, 12);
}
