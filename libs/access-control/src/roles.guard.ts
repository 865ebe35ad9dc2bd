import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { hasRole } from '@gatehouse/auth-contracts';
import { requirementOfContext } from './access.metadata.js';
import { InsufficientRoleError, UnauthenticatedError } from './access-control.errors.js';
import { principalOfContext } from './request.carrier.js';

/** Refuses a role that is lower than the one that `@Roles` names. Services and API keys have none. */
@Injectable()
export class RolesGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { mode, role } = requirementOfContext(context);
    if (mode === 'public' || role === undefined) return true;
    const principal = principalOfContext(context);
    if (principal === undefined) throw new UnauthenticatedError();
    if (principal.role === undefined || !hasRole(principal.role, role)) throw new InsufficientRoleError(role);
    return true;
  }
}
