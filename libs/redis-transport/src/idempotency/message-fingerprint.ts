import { createHash } from 'node:crypto';
import type { Message } from '../messages/message.js';
import { HEADER } from '../messages/message-headers.js';

/**
 * Tells a request that is sent again from another one with the same message id: who asks, for what, with which
 * payload. An answer that is kept is only for whoever asked for it.
 *
 * @returns base64url of a SHA-256
 */
export function requestFingerprint(message: Message): string {
  const parts = [message.pattern, subjectOf(message.headers[HEADER.authorization] ?? ''), message.data];
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
}

/** Who a token speaks for, the same after it was renewed. The guards have verified it; what is no JWT stands for itself. */
function subjectOf(authorization: string): string {
  try {
    const payload = Buffer.from(authorization.split('.')[1] ?? '', 'base64url').toString();
    const { sub } = JSON.parse(payload) as { sub?: unknown };
    return typeof sub === 'string' ? sub : authorization;
  } catch {
    return authorization;
  }
}
