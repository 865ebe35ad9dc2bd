import { createHmac } from 'node:crypto';
import { webhookKey } from './webhook-secret.js';

/** What is signed. */
export interface WebhookMessage {
  /** The same for each attempt: what a receiver recognises a second delivery by. */
  id: string;
  /** Sent byte for byte as it was signed. */
  body: string;
}

/** The headers of Standard Webhooks. */
export interface WebhookHeaders {
  'webhook-id': string;
  /** Seconds since 1970, of this attempt; receivers refuse what is older than five minutes. */
  'webhook-timestamp': string;
  /** `v1,<base64>` of each secret, separated by spaces. */
  'webhook-signature': string;
}

/**
 * Signs a message by HMAC-SHA256 over `id.timestamp.body`, as https://www.standardwebhooks.com says. While a secret is being
 * replaced both sign, and a receiver accepts the message that knows either.
 *
 * @param secrets at least one, `whsec_…`
 * @param now ms since 1970
 * @throws {TypeError} when there is no secret, or one is none
 */
export function signWebhook(
  { id, body }: WebhookMessage,
  secrets: readonly string[],
  now: number,
): WebhookHeaders {
  if (secrets.length === 0) throw new TypeError('A webhook needs a secret to be signed by');
  const timestamp = String(Math.floor(now / 1000));
  const signed = `${id}.${timestamp}.${body}`;
  const signatures = secrets.map((secret) =>
    createHmac('sha256', webhookKey(secret)).update(signed).digest('base64'),
  );
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatures.map((signature) => `v1,${signature}`).join(' '),
  };
}
