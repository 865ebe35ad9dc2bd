import { Body, Controller, Delete, Get, Header, HttpCode, Param, Post, Query } from '@nestjs/common';
import { CurrentUser, RequirePermission } from '@gatehouse/access-control';
import {
  CreateServiceAccountBody,
  EndServiceSecretQuery,
  ListServiceAccountsQuery,
  type Principal,
  ServiceAccountAnswer,
  ServiceAccountId,
  ServiceAccountsAnswer,
  ServiceAccountSecretAnswer,
  ServiceSecretId,
} from '@gatehouse/auth-contracts';
import { ApiBearerAuth, ApiResponse } from '@nestjs/swagger';
import { CurrentRequest, type RequestContext } from '@gatehouse/service-bootstrap';
import { ServiceAccountDirectory } from './service-account.directory.js';
import { ServiceAccountManager } from './service-account.manager.js';

@Controller('v1/auth/service-accounts')
@RequirePermission('service-accounts:manage')
@ApiBearerAuth()
export class ServiceAccountsController {
  constructor(
    private readonly accounts: ServiceAccountManager,
    private readonly directory: ServiceAccountDirectory,
  ) {}

  /** In the order in which they were made, the suite's own last. */
  @Get()
  @ApiResponse({ status: 200, description: 'A page', standardSchema: ServiceAccountsAnswer })
  @Header('cache-control', 'no-store')
  list(
    @Query({ schema: ListServiceAccountsQuery }) query: ListServiceAccountsQuery,
  ): Promise<ServiceAccountsAnswer> {
    return this.directory.page(query);
  }

  @Get(':id')
  @ApiResponse({ status: 200, description: 'The service account', standardSchema: ServiceAccountAnswer })
  @ApiResponse({ status: 404, description: '`not-found`' })
  @Header('cache-control', 'no-store')
  get(@Param('id', { schema: ServiceAccountId }) id: string): Promise<ServiceAccountAnswer> {
    return this.directory.get(id);
  }

  /** Makes one. Its secret is in this answer and nowhere else. */
  @Post()
  @ApiResponse({
    status: 201,
    description: 'The service account and its secret',
    standardSchema: ServiceAccountSecretAnswer,
  })
  @ApiResponse({ status: 409, description: '`service-account-name-taken`' })
  @Header('cache-control', 'no-store')
  create(
    @Body({ schema: CreateServiceAccountBody }) body: CreateServiceAccountBody,
    @CurrentUser() by: Principal,
    @CurrentRequest() request: RequestContext,
  ): Promise<ServiceAccountSecretAnswer> {
    return this.accounts.create(body, { by, request });
  }

  /** No token of it is accepted any more. */
  @Delete(':id')
  @ApiResponse({ status: 204, description: 'Deleted' })
  @ApiResponse({ status: 404, description: '`not-found`' })
  @ApiResponse({ status: 409, description: '`built-in-service-account`' })
  @HttpCode(204)
  remove(
    @Param('id', { schema: ServiceAccountId }) id: string,
    @CurrentUser() by: Principal,
    @CurrentRequest() request: RequestContext,
  ): Promise<void> {
    return this.accounts.remove(id, { by, request });
  }

  /** A secret beside the one that is in use: two are accepted, a third replaces the oldest. */
  @Post(':id/secret')
  @ApiResponse({
    status: 201,
    description: 'The service account and its new secret',
    standardSchema: ServiceAccountSecretAnswer,
  })
  @ApiResponse({ status: 404, description: '`not-found`' })
  @ApiResponse({ status: 409, description: '`built-in-service-account`' })
  @Header('cache-control', 'no-store')
  addSecret(
    @Param('id', { schema: ServiceAccountId }) id: string,
    @CurrentUser() by: Principal,
    @CurrentRequest() request: RequestContext,
  ): Promise<ServiceAccountSecretAnswer> {
    return this.accounts.addSecret(id, { by, request });
  }

  /** Ends one secret, and with `?endTokens=true` the tokens of the account too. */
  @Delete(':id/secret/:secretId')
  @ApiResponse({ status: 204, description: 'Ended' })
  @ApiResponse({ status: 404, description: '`not-found`' })
  @ApiResponse({ status: 409, description: '`built-in-service-account`' })
  @HttpCode(204)
  endSecret(
    @Param('id', { schema: ServiceAccountId }) id: string,
    @Param('secretId', { schema: ServiceSecretId }) secretId: string,
    @Query({ schema: EndServiceSecretQuery }) { endTokens }: EndServiceSecretQuery,
    @CurrentUser() by: Principal,
    @CurrentRequest() request: RequestContext,
  ): Promise<void> {
    return this.accounts.endSecret(id, secretId, endTokens === 'true', { by, request });
  }
}
