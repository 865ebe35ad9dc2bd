import { hkdfSync } from 'node:crypto';

/**
 * A key of 32 bytes for one purpose, derived from a secret by HKDF-SHA-256 (RFC 5869): keys of different purposes tell
 * nothing of each other.
 */
export function deriveKey(secret: string, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', `gatehouse/${purpose}`, 32));
}
