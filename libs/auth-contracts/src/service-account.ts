import { z } from 'zod';
import { displayName } from './account-fields.js';

/** A permission as it is granted: `resource:action`, `resource:*` or `*`. It is a scope of OAuth too (RFC 6749 §3.3). */
export const GrantedPermission = z
  .string()
  .max(128)
  .regex(/^(\*|[a-z0-9][a-z0-9._-]*:(\*|[a-z0-9][a-z0-9._-]*))$/, 'must be resource:action, resource:* or *');

/** Permissions as they are granted, each once. @param least how many there must be */
export const grantedPermissions = (least = 0) =>
  z
    .array(GrantedPermission)
    .min(least)
    .max(100)
    .transform((permissions) => [...new Set(permissions)]);

/** An id in a path: a UUID, or the name of one of the suite's own services. */
export const ServiceAccountId = z
  .string()
  .max(64)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be the id of a service account');

export const ServiceSecretId = z.string().toLowerCase().pipe(z.uuid());

export const CreateServiceAccountBody = z.strictObject({
  /** What people call it; unique, whatever the case of its letters. */
  name: displayName,
  /** What it may do. Nobody grants what they lack. */
  permissions: grantedPermissions(),
});
export type CreateServiceAccountBody = z.infer<typeof CreateServiceAccountBody>;

export const ListServiceAccountsQuery = z.strictObject({
  cursor: z.string().max(512).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export type ListServiceAccountsQuery = z.infer<typeof ListServiceAccountsQuery>;

export const EndServiceSecretQuery = z.strictObject({
  /** Ends the tokens of the account too: for a secret that somebody else may have used. */
  endTokens: z.enum(['true', 'false']).default('false'),
});
export type EndServiceSecretQuery = z.infer<typeof EndServiceSecretQuery>;

/** ISO 8601, UTC. */
const time = z.iso.datetime();

/** A secret of a service account, without its value. */
export const ServiceSecretAnswer = z.object({
  id: z.uuid(),
  createdAt: time,
  lastUsedAt: time.nullable().describe('Within a minute; null when it never was'),
});
export type ServiceSecretAnswer = z.infer<typeof ServiceSecretAnswer>;

/** A service that gets tokens of its own by client credentials. */
export const ServiceAccountAnswer = z.object({
  id: z.string(),
  clientId: z.string().describe('As the token endpoint knows it, and `sub` of its tokens: the same as `id`'),
  name: z.string(),
  permissions: z.array(z.string()).readonly(),
  builtIn: z.boolean().describe("One of the suite's own, made from the configuration"),
  createdAt: time,
  secrets: z.array(ServiceSecretAnswer).describe('Those that are accepted, the oldest first'),
});
export type ServiceAccountAnswer = z.infer<typeof ServiceAccountAnswer>;

export const ServiceAccountSecretAnswer = ServiceAccountAnswer.extend({
  clientSecret: z.string().describe('In this answer only'),
});
export type ServiceAccountSecretAnswer = z.infer<typeof ServiceAccountSecretAnswer>;

/** One page. */
export const ServiceAccountsAnswer = z.object({
  items: z.array(ServiceAccountAnswer),
  nextCursor: z.string().nullable().describe('There when there is another page'),
});
export type ServiceAccountsAnswer = z.infer<typeof ServiceAccountsAnswer>;
