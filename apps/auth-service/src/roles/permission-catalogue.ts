import {
  type PermissionAnswer,
  SUITE_PERMISSION_DESCRIPTIONS,
  SUITE_PERMISSIONS,
} from '@gatehouse/auth-contracts';

/** The permissions of the suite, and after them, by name, those that roles have beside. */
export function permissionCatalogue(
  roles: readonly { name: string; permissions: readonly string[] }[],
): PermissionAnswer[] {
  const holders = new Map<string, string[]>(SUITE_PERMISSIONS.map((permission) => [permission, []]));
  for (const { name, permissions } of roles) {
    for (const permission of permissions) holders.set(permission, [...(holders.get(permission) ?? []), name]);
  }
  const entries = [...holders].map(([name, of]): PermissionAnswer => {
    const description = DESCRIPTIONS.get(name);
    return { name, description: description ?? null, suite: description !== undefined, roles: of };
  });
  const more = entries.filter(({ suite }) => !suite).sort((one, two) => (one.name < two.name ? -1 : 1));
  return [...entries.filter(({ suite }) => suite), ...more];
}

const DESCRIPTIONS: ReadonlyMap<string, string> = new Map(Object.entries(SUITE_PERMISSION_DESCRIPTIONS));
