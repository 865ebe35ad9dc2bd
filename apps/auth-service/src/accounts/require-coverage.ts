import { InsufficientPermissionError } from '@gatehouse/access-control';
import { BUILT_IN_ROLE_PERMISSIONS, grants, isRole, type Principal } from '@gatehouse/auth-contracts';

/**
 * Nobody gives a role that grants more than they have themselves, and nobody changes an account that may do more: else
 * whoever may write users would be one password reset away from being an admin.
 *
 * @throws InsufficientPermissionError that names what the role grants beyond
 */
export function requireCoverage(by: Principal, role: string): void {
  const granted: readonly string[] = isRole(role) ? BUILT_IN_ROLE_PERMISSIONS[role] : ['*'];
  requirePermissions(by, granted);
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
