import { Body, Controller, Delete, Get, Header, HttpCode, Param, Put, Res } from '@nestjs/common';
import { CurrentUser, RequirePermission } from '@gatehouse/access-control';
import {
  PermissionsAnswer,
  type Principal,
  PutRoleBody,
  RoleAnswer,
  RoleName,
  RolesAnswer,
} from '@gatehouse/auth-contracts';
import { CurrentRequest, type RequestContext } from '@gatehouse/service-bootstrap';
import { ApiBearerAuth, ApiResponse } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { RoleDirectory } from './role.directory.js';
import { RoleManager } from './role.manager.js';

@Controller('v1/auth')
@ApiBearerAuth()
export class RolesController {
  constructor(
    private readonly roles: RoleManager,
    private readonly directory: RoleDirectory,
  ) {}

  /** The built-in ones, then the platform's own by name. */
  @Get('roles')
  @RequirePermission('roles:read')
  @ApiResponse({ status: 200, description: 'All roles', standardSchema: RolesAnswer })
  @Header('cache-control', 'no-store')
  list(): Promise<RolesAnswer> {
    return this.directory.list();
  }

  @Get('roles/:name')
  @RequirePermission('roles:read')
  @ApiResponse({ status: 200, description: 'The role', standardSchema: RoleAnswer })
  @ApiResponse({ status: 404, description: '`not-found`' })
  @Header('cache-control', 'no-store')
  get(@Param('name', { schema: RoleName }) name: string): Promise<RoleAnswer> {
    return this.directory.get(name);
  }

  /** Makes a role, or replaces what it was: at once, also for tokens that are out. */
  @Put('roles/:name')
  @RequirePermission('roles:write')
  @ApiResponse({ status: 200, description: 'It is so now', standardSchema: RoleAnswer })
  @ApiResponse({ status: 201, description: 'It was made', standardSchema: RoleAnswer })
  @ApiResponse({ status: 403, description: '`insufficient-permission`, `insufficient-role`' })
  @ApiResponse({ status: 409, description: '`built-in-role`, `too-many-roles`' })
  async put(
    @Param('name', { schema: RoleName }) name: string,
    @Body({ schema: PutRoleBody }) body: PutRoleBody,
    @CurrentUser() by: Principal,
    @CurrentRequest() request: RequestContext,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RoleAnswer> {
    const { role, made } = await this.roles.put(name, body, { by, request });
    if (made) void reply.status(201);
    return role;
  }

  @Delete('roles/:name')
  @RequirePermission('roles:write')
  @ApiResponse({ status: 204, description: 'Deleted' })
  @ApiResponse({ status: 403, description: '`insufficient-permission`, `insufficient-role`' })
  @ApiResponse({ status: 404, description: '`not-found`' })
  @ApiResponse({ status: 409, description: '`built-in-role`, `role-in-use`' })
  @HttpCode(204)
  remove(
    @Param('name', { schema: RoleName }) name: string,
    @CurrentUser() by: Principal,
    @CurrentRequest() request: RequestContext,
  ): Promise<void> {
    return this.roles.remove(name, { by, request });
  }

  /** What there is to grant: the permissions of the suite, and those that roles have beside them. */
  @Get('permissions')
  @RequirePermission('roles:read')
  @ApiResponse({ status: 200, description: 'All permissions', standardSchema: PermissionsAnswer })
  @Header('cache-control', 'no-store')
  permissions(): Promise<PermissionsAnswer> {
    return this.directory.permissions();
  }
}
