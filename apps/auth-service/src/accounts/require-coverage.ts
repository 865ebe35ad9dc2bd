import { InsufficientPermissionError, InsufficientRoleError } from '@gatehouse/access-control';
import {
  BUILT_IN_ROLE_PERMISSIONS,
  grants,
  hasRole,
  type Principal,
  type RoleDefinition,
} from '@gatehouse/auth-contracts';

/**
 * Nobody gives a role that grants more than they have themselves, and nobody changes an account that may do more: else
 * whoever may write users would be one password reset away from being an admin. A user gives no higher built-in role than
 * its own counts as either; services and API keys have none and are measured by their permissions.
 *
 * @throws InsufficientPermissionError that names what the role grants beyond, InsufficientRoleError
 */
export function requireCoverage(by: Principal, { parent, permissions }: RoleDefinition): void {
  requirePermissions(by, [...new Set([...BUILT_IN_ROLE_PERMISSIONS[parent], ...permissions])]);
  const isMeasuredByRole = by.role !== undefined && !grants(by.permissions, '*');
  if (isMeasuredByRole && !hasRole(by.builtInRole, parent)) throw new InsufficientRoleError(parent);
}

/**
 * Nobody grants what they lack, nor gets hold of something that may do more.
 *
 * @throws InsufficientPermissionError that names what is beyond
 */
export function requirePermissions(by: Principal, granted: readonly string[]): void {
  const missing = granted.filter((permission) => !grants(by.permissions, permission));
  if (missing.length > 0) throw new InsufficientPermissionError(missing, 'all');
}
