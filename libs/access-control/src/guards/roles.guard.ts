import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { requirementOfContext } from './access.metadata.js';
import { UnauthenticatedError } from '../access-control.errors.js';
import { AccessRefusals } from './access.refusals.js';
import { PermissionManager } from '../permissions/permission.manager.js';
import { principalOfContext } from './request.carrier.js';

/** Refuses a role that is lower than the one that `@Roles` names. Services and API keys have none. */
@Injectable()
export class RolesGuard implements CanActivate {
  constructor(
    private readonly permissions: PermissionManager,
    private readonly refusals: AccessRefusals,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const { mode, role } = requirementOfContext(context);
    if (mode === 'public' || role === undefined) return true;
    return this.refusals.decide(context, 'role', () => {
      const principal = principalOfContext(context);
      if (principal === undefined) throw new UnauthenticatedError();
      this.permissions.requireRole(principal, role);
      return true;
    });
  }
}
