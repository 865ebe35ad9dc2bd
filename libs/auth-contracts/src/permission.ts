import type { Role } from './role.js';

/** `resource:action`, e.g. `projects:create`; granted also as `resource:*` or `*`. */
export type Permission = `${string}:${string}` | '*';

/** The permissions of the suite itself, which its routes ask for. Platforms add their own. */
export const SUITE_PERMISSIONS = [
  'users:read',
  'users:write',
  'sessions:revoke',
  'roles:read',
  'roles:write',
  'signing-keys:manage',
  'service-accounts:manage',
  'auth:introspect',
  'providers:read',
  'providers:write',
  'providers:report',
  'providers:override',
  'providers:use-key',
  'audit:read',
  'audit:write',
  'audit:export',
  'audit:manage',
] as const;

export type SuitePermission = (typeof SUITE_PERMISSIONS)[number];

/** What the built-in roles grant. */
export const BUILT_IN_ROLE_PERMISSIONS: Readonly<Record<Role, readonly Permission[]>> = {
  admin: ['*'],
  user: ['providers:read', 'providers:report'],
  viewer: ['providers:read'],
  guest: [],
};

/** Whether one of `granted` covers `needed`: itself, `resource:*`, or `*`. */
export function grants(granted: readonly string[], needed: string): boolean {
  const resource = needed.slice(0, needed.indexOf(':'));
  return granted.some(
    (permission) => permission === needed || permission === '*' || permission === `${resource}:*`,
  );
}

/** What both grant: of two that overlap the narrower one. */
export function commonPermissions(some: readonly string[], others: readonly string[]): string[] {
  const within = (granted: readonly string[], by: readonly string[]) =>
    granted.filter((permission) => grants(by, permission));
  return [...new Set([...within(some, others), ...within(others, some)])];
}
