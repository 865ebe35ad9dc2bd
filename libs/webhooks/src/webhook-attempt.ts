import type { OutboundAnswer } from '@gatehouse/outbound-guard';
import { readRetryAfter } from './retry-after.js';

/**
 * What became of one attempt:
 * - `delivered`: a 2xx;
 * - `gone`: 410, the receiver wants no more of this webhook at all;
 * - `failed`: everything else, a redirect too; it may be tried again.
 *
 * Nothing of the receiver's answer is in it but the status.
 */
export type WebhookAttempt =
  | { outcome: 'delivered'; status: number }
  | {
      outcome: 'failed' | 'gone';
      /** Of the answer, when one came. */
      status?: number;
      /** E.g. `answered 503`, `timeout` or `network: ECONNREFUSED`. */
      reason: string;
      retryAfterMs?: number;
    };

/** @param now ms since 1970 */
export function readAnswer(
  { status, headers }: Pick<OutboundAnswer, 'status' | 'headers'>,
  now: number,
): WebhookAttempt {
  if (status >= 200 && status < 300) return { outcome: 'delivered', status };
  const reason = `answered ${status}`;
  if (status === 410) return { outcome: 'gone', status, reason };
  const retryAfterMs = readRetryAfter(headers['retry-after'], now);
  return {
    ...{ outcome: 'failed', status, reason },
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
}
