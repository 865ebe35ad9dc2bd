import { Injectable } from '@nestjs/common';
import {
  BUILT_IN_ROLE_PERMISSIONS,
  isRole,
  type Principal,
  type RoleDefinition,
} from '@gatehouse/auth-contracts';
import type { EntityManager } from 'typeorm';
import { requireCoverage } from '../accounts/require-coverage.js';
import { RoleRepository } from './role.repository.js';
import { UnknownRoleError } from './roles.errors.js';

/** A role that there is not, though somebody has it: nobody is sure what it comes to. */
const UNKNOWN: RoleDefinition = { parent: 'admin', permissions: [] };

/**
 * Decides whether somebody may give, change or take away what a role may do, by the roles as the transaction sees them:
 * the roles that it looked at do not change until it ends.
 */
@Injectable()
export class RoleCoverage {
  constructor(private readonly roles: RoleRepository) {}

  /**
   * That `by` may give an account this role.
   *
   * @throws UnknownRoleError, InsufficientPermissionError, InsufficientRoleError
   */
  async requireToGive(manager: EntityManager, by: Principal, role: string): Promise<void> {
    const definition = await this.definition(manager, role);
    if (definition === undefined) throw new UnknownRoleError(role);
    await this.require(manager, by, definition);
  }

  /** That `by` may do something to an account with this role. @throws as `requireToGive`, but for the first */
  async requireToChange(manager: EntityManager, by: Principal, role: string): Promise<void> {
    await this.require(manager, by, (await this.definition(manager, role)) ?? UNKNOWN);
  }

  /** That `by` may do all that this comes to. @throws InsufficientPermissionError, InsufficientRoleError */
  async require(manager: EntityManager, by: Principal, definition: RoleDefinition): Promise<void> {
    requireCoverage(await this.now(manager, by), definition);
  }

  /** The caller as its role is now: what its process knows of the role may be a moment old. */
  private async now(manager: EntityManager, by: Principal): Promise<Principal> {
    if (by.role === undefined || isRole(by.role)) return by;
    const role = await this.definition(manager, by.role);
    if (role === undefined) return { ...by, builtInRole: 'guest', permissions: [] };
    const permissions = [...BUILT_IN_ROLE_PERMISSIONS[role.parent], ...role.permissions];
    return { ...by, builtInRole: role.parent, permissions };
  }

  private async definition(manager: EntityManager, name: string): Promise<RoleDefinition | undefined> {
    if (isRole(name)) return { parent: name, permissions: [] };
    return (await this.roles.lockForShare(manager, name)) ?? undefined;
  }
}
