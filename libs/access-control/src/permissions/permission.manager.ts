import { Injectable } from '@nestjs/common';
import { hasRole, type Principal, type Role } from '@gatehouse/auth-contracts';
import { InsufficientPermissionError, InsufficientRoleError } from '../access-control.errors.js';
import type { AccessRequirement } from '../guards/access-requirement.js';
import { PermissionSet } from './permission-set.js';

/** Decides permissions, in guards and anywhere else. */
@Injectable()
export class PermissionManager {
  /** Compiled once for each list: the principals of a role share theirs for as long as the role does not change. */
  private readonly compiled = new WeakMap<readonly string[], PermissionSet>();

  /** Whether the principal may do this: granted as itself, as `resource:*`, or as `*`. */
  checkPermission(principal: Principal, permission: string): boolean {
    return this.setOf(principal.permissions).grants(permission);
  }

  /** @throws InsufficientPermissionError (403) when the principal may not */
  requirePermission(principal: Principal, permission: string): void {
    if (!this.checkPermission(principal, permission))
      throw new InsufficientPermissionError([permission], 'all');
  }

  /** Whether the principal's role is this built-in one or higher; services and API keys have none. */
  hasRole(principal: Principal, role: Role): boolean {
    return principal.role !== undefined && hasRole(principal.builtInRole, role);
  }

  /** @throws InsufficientRoleError (403) when the principal's role is lower, or it has none */
  requireRole(principal: Principal, role: Role): void {
    if (!this.hasRole(principal, role)) throw new InsufficientRoleError(role);
  }

  /** @throws InsufficientPermissionError (403) unless the principal has all of the ones and, if any, one of the others */
  requirePermissions(
    principal: Principal,
    { permissions, anyPermission }: Pick<AccessRequirement, 'permissions' | 'anyPermission'>,
  ): void {
    const may = (permission: string) => this.checkPermission(principal, permission);
    if (!permissions.every(may)) throw new InsufficientPermissionError(permissions, 'all');
    if (anyPermission.length > 0 && !anyPermission.some(may))
      throw new InsufficientPermissionError(anyPermission, 'any');
  }

  private setOf(permissions: readonly string[]): PermissionSet {
    let set = this.compiled.get(permissions);
    if (set === undefined) {
      set = new PermissionSet(permissions);
      this.compiled.set(permissions, set);
    }
    return set;
  }
}
