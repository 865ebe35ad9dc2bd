import { randomBytes } from 'node:crypto';

const PREFIX = 'whsec_';
const SECRET_BYTES = 32;
/** The bounds of the specification. */
const [LEAST_BYTES, MOST_BYTES] = [24, 64];

/** A new secret of a receiver as Standard Webhooks writes them: `whsec_` and 32 random bytes in base64. */
export const newWebhookSecret = (): string => PREFIX + randomBytes(SECRET_BYTES).toString('base64');

/**
 * The bytes that sign.
 * @throws {TypeError} when it is no secret of 24 to 64 bytes; the message does not hold it
 */
export function webhookKey(secret: string): Buffer {
  const encoded = secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : '';
  const key = Buffer.from(encoded, 'base64');
  if (key.toString('base64') !== encoded || key.length < LEAST_BYTES || key.length > MOST_BYTES)
    throw new TypeError('Not a secret of Standard Webhooks: whsec_ and 24 to 64 bytes in base64');
  return key;
}
