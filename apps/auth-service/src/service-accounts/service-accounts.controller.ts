import { Body, Controller, Delete, Get, Header, HttpCode, Param, Post, Query } from '@nestjs/common';
import { CurrentUser, RequirePermission } from '@gatehouse/access-control';
import {
  CreateServiceAccountBody,
  EndServiceSecretQuery,
  ListServiceAccountsQuery,
  type Principal,
  type ServiceAccountAnswer,
  ServiceAccountId,
  type ServiceAccountsAnswer,
  type ServiceAccountSecretAnswer,
  ServiceSecretId,
} from '@gatehouse/auth-contracts';
import { CurrentRequest, type RequestContext } from '@gatehouse/service-bootstrap';
import { ServiceAccountDirectory } from './service-account.directory.js';
import { ServiceAccountManager } from './service-account.manager.js';

@Controller('v1/auth/service-accounts')
@RequirePermission('service-accounts:manage')
export class ServiceAccountsController {
  constructor(
    private readonly accounts: ServiceAccountManager,
    private readonly directory: ServiceAccountDirectory,
  ) {}

  /** In the order in which they were made, the suite's own last. */
  @Get()
  @Header('cache-control', 'no-store')
  list(
    @Query({ schema: ListServiceAccountsQuery }) query: ListServiceAccountsQuery,
  ): Promise<ServiceAccountsAnswer> {
    return this.directory.page(query);
  }

  @Get(':id')
  @Header('cache-control', 'no-store')
  get(@Param('id', { schema: ServiceAccountId }) id: string): Promise<ServiceAccountAnswer> {
    return this.directory.get(id);
  }

  /** Makes one. Its secret is in this answer and nowhere else. */
  @Post()
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
