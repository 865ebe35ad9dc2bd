import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { requirementOfContext } from './access.metadata.js';
import { UnauthenticatedError } from '../access-control.errors.js';
import { AccessRefusals } from './access.refusals.js';
import { PermissionManager } from '../permissions/permission.manager.js';
import { principalOfContext } from './request.carrier.js';

/** Refuses who lacks a permission that `@RequirePermission` or `@RequireAnyPermission` names. */
@Injectable()
export class PermissionsGuard implements CanActivate {
  constructor(
    private readonly permissions: PermissionManager,
    private readonly refusals: AccessRefusals,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const requirement = requirementOfContext(context);
    const { mode, permissions, anyPermission } = requirement;
    if (mode === 'public' || permissions.length + anyPermission.length === 0) return true;
    return this.refusals.decide(context, 'permission', () => {
      const principal = principalOfContext(context);
      if (principal === undefined) throw new UnauthenticatedError();
      this.permissions.requirePermissions(principal, requirement);
      return true;
    });
  }
}
