import { Injectable } from '@nestjs/common';
import type { Principal } from '@gatehouse/auth-contracts';
import type { EntityManager } from 'typeorm';
import { PermissionMapRepository } from './permission-map.repository.js';
import { RoleCoverage } from './role.coverage.js';
import type { RoleEntity } from './role.entity.js';
import { RoleRepository } from './role.repository.js';
import { TooManyRolesError } from './roles.errors.js';

const MOST_ROLES = 200;
/** As JSON of PostgreSQL. The document that verifiers hold is a third longer, and stays below 256 KiB. */
const MOST_BYTES = 190_000;

/** Changes roles inside a transaction: first the lock, then what is decided on what was locked. */
@Injectable()
export class RoleEditor {
  constructor(
    private readonly roles: RoleRepository,
    private readonly maps: PermissionMapRepository,
    private readonly coverage: RoleCoverage,
  ) {}

  /**
   * The role; nobody changes any role, nor gives this one to an account, until the transaction ends.
   *
   * @returns undefined when there is none
   * @throws InsufficientPermissionError, InsufficientRoleError when it may do more than `by`
   */
  async lock(manager: EntityManager, name: string, by: Principal): Promise<RoleEntity | undefined> {
    await this.maps.lock(manager);
    const role = await this.roles.lock(manager, name);
    if (role === null) return undefined;
    await this.coverage.require(manager, by, role);
    return role;
  }

  /** @throws InsufficientPermissionError, InsufficientRoleError, TooManyRolesError */
  async save(manager: EntityManager, role: RoleEntity, by: Principal): Promise<void> {
    await this.coverage.require(manager, by, role);
    await this.roles.save(manager, role);
    const { roles, bytes } = await this.maps.size(manager);
    if (roles > MOST_ROLES) throw new TooManyRolesError(`There are ${MOST_ROLES} at most`);
    if (bytes > MOST_BYTES)
      throw new TooManyRolesError(`All roles together would take ${bytes} bytes, ${MOST_BYTES} at most`);
    await this.maps.raiseVersion(manager);
  }

  async remove(manager: EntityManager, name: string): Promise<void> {
    await this.roles.remove(manager, name);
    await this.maps.raiseVersion(manager);
  }
}
