import { Body, Controller, Delete, Get, Header, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { CurrentUser, RequirePermission } from '@gatehouse/access-control';
import {
  type CreatedUserAnswer,
  CreateUserBody,
  ListUsersQuery,
  type PasswordResetAnswer,
  type Principal,
  UpdateUserBody,
  type UserAnswer,
  UserId,
  type UsersAnswer,
} from '@gatehouse/auth-contracts';
import { CurrentRequest, type RequestContext } from '@gatehouse/service-bootstrap';
import { UserDirectory } from './user.directory.js';
import { UserManager } from './user.manager.js';

@Controller('v1/auth/users')
export class UsersController {
  constructor(
    private readonly users: UserManager,
    private readonly directory: UserDirectory,
  ) {}

  /** In the order in which they were made. */
  @Get()
  @RequirePermission('users:read')
  list(@Query({ schema: ListUsersQuery }) query: ListUsersQuery): Promise<UsersAnswer> {
    return this.directory.page(query);
  }

  @Get(':id')
  @RequirePermission('users:read')
  get(@Param('id', { schema: UserId }) id: string): Promise<UserAnswer> {
    return this.directory.get(id);
  }

  /** Makes an account whose password nobody knows, and a token by which its user sets one. */
  @Post()
  @RequirePermission('users:write')
  @Header('cache-control', 'no-store')
  create(
    @Body({ schema: CreateUserBody }) body: CreateUserBody,
    @CurrentUser() by: Principal,
    @CurrentRequest() request: RequestContext,
  ): Promise<CreatedUserAnswer> {
    return this.users.create(body, by, request);
  }

  /** A change of role or status ends the sessions of the user. */
  @Patch(':id')
  @RequirePermission('users:write')
  update(
    @Param('id', { schema: UserId }) id: string,
    @Body({ schema: UpdateUserBody }) body: UpdateUserBody,
    @CurrentUser() by: Principal,
    @CurrentRequest() request: RequestContext,
  ): Promise<UserAnswer> {
    return this.users.update(id, body, by, request);
  }

  @Delete(':id')
  @RequirePermission('users:write')
  @HttpCode(204)
  remove(
    @Param('id', { schema: UserId }) id: string,
    @CurrentUser() by: Principal,
    @CurrentRequest() request: RequestContext,
  ): Promise<void> {
    return this.users.remove(id, by, request);
  }

  /** A token by which the user sets a new password; the one before it is worth nothing. */
  @Post(':id/password-reset')
  @RequirePermission('users:write')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  resetPassword(
    @Param('id', { schema: UserId }) id: string,
    @CurrentUser() by: Principal,
    @CurrentRequest() request: RequestContext,
  ): Promise<PasswordResetAnswer> {
    return this.users.requestPasswordReset(id, by, request);
  }
}
