import { Injectable } from '@nestjs/common';
import type { PermissionsAnswer, RoleAnswer, RolesAnswer } from '@gatehouse/auth-contracts';
import { NotFoundError } from '@gatehouse/problem-details';
import { permissionCatalogue } from './permission-catalogue.js';
import { BUILT_IN_ROLES, toRole } from './role-answer.js';
import { RoleRepository } from './role.repository.js';

/** Shows roles and permissions. */
@Injectable()
export class RoleDirectory {
  constructor(private readonly roles: RoleRepository) {}

  async list(): Promise<RolesAnswer> {
    return { items: await this.all(), nextCursor: null };
  }

  /** @throws NotFoundError */
  async get(name: string): Promise<RoleAnswer> {
    const builtIn = BUILT_IN_ROLES.find((role) => role.name === name);
    if (builtIn !== undefined) return builtIn;
    const role = await this.roles.find(name);
    if (role === null) throw new NotFoundError();
    return toRole(role);
  }

  async permissions(): Promise<PermissionsAnswer> {
    return { items: permissionCatalogue(await this.all()), nextCursor: null };
  }

  private async all(): Promise<RoleAnswer[]> {
    return [...BUILT_IN_ROLES, ...(await this.roles.list()).map(toRole)];
  }
}
