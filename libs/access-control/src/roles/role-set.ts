import { BUILT_IN_ROLE_PERMISSIONS, isRole, type PermissionMap, type Role } from '@gatehouse/auth-contracts';

/** What a role comes to. */
export interface ResolvedRole {
  /** The built-in role that it counts as. */
  builtInRole: Role;
  /** The same array for as long as the role does not change, so that it is compiled once. */
  permissions: readonly string[];
}

/** The roles of the platform: those that are built in, and those of one version of its permission map. */
export class RoleSet {
  private readonly roles: ReadonlyMap<string, ResolvedRole>;

  constructor(readonly map: PermissionMap = { version: 0, roles: {} }) {
    const own = Object.entries(map.roles).filter(([name, { parent }]) => !isRole(name) && isRole(parent));
    this.roles = new Map([
      ...BUILT_IN,
      ...own.map(([name, { parent, permissions }]): [string, ResolvedRole] => [
        name,
        {
          builtInRole: parent,
          permissions: [...new Set([...BUILT_IN_ROLE_PERMISSIONS[parent], ...permissions])],
        },
      ]),
    ]);
  }

  /** @returns undefined for a role that there is not */
  resolve(role: string): ResolvedRole | undefined {
    return this.roles.get(role);
  }
}

const BUILT_IN = Object.entries(BUILT_IN_ROLE_PERMISSIONS).map(
  ([name, permissions]): [string, ResolvedRole] => [name, { builtInRole: name as Role, permissions }],
);
