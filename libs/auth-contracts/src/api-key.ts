import { z } from 'zod';
import { displayName } from './account-fields.js';
import { grantedPermissions } from './service-account.js';

/** An id in a path. */
export const ApiKeyId = z.string().toLowerCase().pipe(z.uuid());

export const CreateApiKeyBody = z.strictObject({
  /** What its user calls it. */
  name: displayName,
  /** What it may do, of what its user may. */
  permissions: grantedPermissions(1),
  /** ISO 8601, UTC; without it the key is good until it is deleted. */
  expiresAt: z.iso.datetime().optional(),
});
export type CreateApiKeyBody = z.infer<typeof CreateApiKeyBody>;

const time = z.iso.datetime();

/** An API key as its user sees it, without its value. */
export const ApiKeyAnswer = z.object({
  id: z.uuid(),
  name: z.string(),
  prefix: z.string().describe('What the key begins with: enough to recognise it by, not to use it'),
  permissions: z
    .array(z.string())
    .readonly()
    .describe('What it may do for as long as its user may do it too'),
  createdAt: time,
  expiresAt: time.nullable(),
  lastUsedAt: time.nullable().describe('Within two minutes; null when it never was'),
});
export type ApiKeyAnswer = z.infer<typeof ApiKeyAnswer>;

export const ApiKeysAnswer = z.object({ items: z.array(ApiKeyAnswer) });
export type ApiKeysAnswer = z.infer<typeof ApiKeysAnswer>;

export const CreatedApiKeyAnswer = ApiKeyAnswer.extend({
  key: z.string().describe('In this answer only'),
});
export type CreatedApiKeyAnswer = z.infer<typeof CreatedApiKeyAnswer>;

/** What is asked about an API key. The key itself does not travel: its SHA-256 cannot be used in its place anywhere. */
export const VerifyApiKey = z.strictObject({
  id: z.uuid(),
  /** SHA-256 of the whole key, base64url. */
  digest: z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'must be a SHA-256 in base64url'),
  /** Who showed it: keys that there are not are counted by address. */
  address: z.string().max(64).optional(),
});
export type VerifyApiKey = z.infer<typeof VerifyApiKey>;

/** An API key that is accepted, as it was in one moment. */
export const ApiKeyFacts = z.object({
  id: z.string(),
  /** Whose it is; what is known of an owner of an earlier epoch is of the past. */
  owner: z.object({ id: z.string(), role: z.string(), epoch: z.int() }),
  /** Its own; it may do no more than its owner may too. */
  permissions: z.array(z.string()),
  /** ISO 8601. */
  expiresAt: z.string().optional(),
});
export type ApiKeyFacts = z.infer<typeof ApiKeyFacts>;

/**
 * `null` for a key that is not accepted. Else a JWS about it: what comes over the transport must not be able to add a right.
 */
export interface VerifyApiKeyAnswer {
  document: string | null;
}
