import { z } from 'zod';
import { ROLES } from './role.js';
import { GrantedPermission } from './service-account.js';

/** What a role is called: a slug, e.g. `support-lead`. */
export const RoleName = z
  .string()
  .max(64)
  .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'must be the name of a role, e.g. "support-lead"');

/** A role of the platform's own, whole: what is not named is not kept. */
export const PutRoleBody = z.strictObject({
  parent: z.enum(ROLES).describe('The built-in role that it counts as, and whose permissions it has too'),
  permissions: z
    .array(GrantedPermission)
    .max(100)
    .transform((permissions) => [...new Set(permissions)])
    .describe('What it may do beside that. Nobody grants what they lack'),
  description: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'must have no control characters')
    .optional(),
});
export type PutRoleBody = z.infer<typeof PutRoleBody>;

/** ISO 8601, UTC. */
const time = z.iso.datetime().nullable().describe('null of a built-in role');

export const RoleAnswer = z.object({
  name: z.string(),
  parent: z.enum(ROLES).nullable().describe('null of a built-in role'),
  permissions: z.array(z.string()).readonly().describe('Its own; those of its parent come to them'),
  description: z.string().nullable(),
  builtIn: z.boolean().describe('It can be neither changed nor deleted'),
  createdAt: time,
  updatedAt: time,
});
export type RoleAnswer = z.infer<typeof RoleAnswer>;

/** All of them: there are never many. */
export const RolesAnswer = z.object({ items: z.array(RoleAnswer), nextCursor: z.null() });
export type RolesAnswer = z.infer<typeof RolesAnswer>;

export const PermissionAnswer = z.object({
  name: z.string(),
  description: z.string().nullable().describe('null of what is not of the suite'),
  suite: z.boolean().describe('One that the routes of the suite ask for'),
  roles: z.array(z.string()).describe('Those that name it themselves'),
});
export type PermissionAnswer = z.infer<typeof PermissionAnswer>;

/** All of them. */
export const PermissionsAnswer = z.object({ items: z.array(PermissionAnswer), nextCursor: z.null() });
export type PermissionsAnswer = z.infer<typeof PermissionsAnswer>;
