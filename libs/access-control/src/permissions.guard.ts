import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { requirementOfContext } from './access.metadata.js';
import { InsufficientPermissionError, UnauthenticatedError } from './access-control.errors.js';
import { PermissionManager } from './permission.manager.js';
import { principalOfContext } from './request.carrier.js';

/** Refuses who lacks a permission that `@RequirePermission` or `@RequireAnyPermission` names. */
@Injectable()
export class PermissionsGuard implements CanActivate {
  constructor(private readonly permissions: PermissionManager) {}

  canActivate(context: ExecutionContext): boolean {
    const { mode, permissions, anyPermission } = requirementOfContext(context);
    if (mode === 'public' || permissions.length + anyPermission.length === 0) return true;
    const principal = principalOfContext(context);
    if (principal === undefined) throw new UnauthenticatedError();
    const may = (permission: string) => this.permissions.checkPermission(principal, permission);
    if (!permissions.every(may)) throw new InsufficientPermissionError(permissions, 'all');
    if (anyPermission.length > 0 && !anyPermission.some(may))
      throw new InsufficientPermissionError(anyPermission, 'any');
    return true;
  }
}
