import type { Role } from '@gatehouse/auth-contracts';
import { addAccess } from './access.metadata.js';

/**
 * Needs this role **or a higher one** (admin > user > viewer > guest).
 * @example `@Roles('user')`
 */
export const Roles = (role: Role) => addAccess({ role });

/** Needs the role admin. */
export const AdminOnly = () => Roles('admin');

/**
 * Needs all of these permissions, each granted as itself, as `resource:*` or as `*`.
 * @example `@RequirePermission('projects:create')`
 */
export const RequirePermission = (...permissions: [string, ...string[]]) => addAccess({ permissions });

/** Needs one of these permissions. */
export const RequireAnyPermission = (...anyPermission: [string, ...string[]]) => addAccess({ anyPermission });

/** Needs no token and looks at none. */
export const Public = () => addAccess({ mode: 'public' });

/** Without a token the caller is a guest; a token that is not valid is refused all the same. */
export const OptionalAuth = () => addAccess({ mode: 'optional' });
