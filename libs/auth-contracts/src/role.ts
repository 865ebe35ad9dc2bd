/** The built-in roles and their levels: a higher one holds every right of a lower one. */
export const ROLE_LEVELS = { admin: 3, user: 2, viewer: 1, guest: 0 } as const;

export type Role = keyof typeof ROLE_LEVELS;

export const ROLES = Object.keys(ROLE_LEVELS) as readonly Role[];

export const isRole = (value: unknown): value is Role =>
  typeof value === 'string' && Object.hasOwn(ROLE_LEVELS, value);

/** A role of the platform's own: what its built-in parent may do, and permissions beside that. */
export interface RoleDefinition {
  parent: Role;
  permissions: readonly string[];
}

/** Every role that is not built in, by name. `version` grows with each change. */
export interface PermissionMap {
  version: number;
  roles: Readonly<Record<string, RoleDefinition>>;
}

/** Whether `held` is `needed` or higher. No role, or one that is not known, is as little as a guest. */
export function hasRole(held: string | undefined, needed: Role): boolean {
  return (isRole(held) ? ROLE_LEVELS[held] : ROLE_LEVELS.guest) >= ROLE_LEVELS[needed];
}
