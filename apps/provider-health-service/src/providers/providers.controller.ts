import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { CurrentUser, RequirePermission } from '@gatehouse/access-control';
import type { Principal } from '@gatehouse/auth-contracts';
import {
  CreateProviderBody,
  ListProvidersQuery,
  type Page,
  type ProviderAnswer,
  ProviderName,
} from '@gatehouse/provider-health-contracts';
import { CurrentRequest, type RequestContext } from '@gatehouse/service-bootstrap';
import { toProviderAnswer } from './provider-answer.js';
import { ProviderListing } from './provider.listing.js';
import { ProviderManager } from './provider.manager.js';

@Controller('v1/providers')
export class ProvidersController {
  constructor(
    private readonly providers: ProviderManager,
    private readonly listing: ProviderListing,
  ) {}

  /** Adds a provider; it begins healthy. */
  @Post()
  @RequirePermission('providers:write')
  async create(
    @Body({ schema: CreateProviderBody }) body: CreateProviderBody,
    @CurrentUser() user: Principal,
    @CurrentRequest() request: RequestContext,
  ): Promise<ProviderAnswer> {
    return toProviderAnswer(await this.providers.create(body, user, request));
  }

  @Get()
  @RequirePermission('providers:read')
  list(@Query({ schema: ListProvidersQuery }) query: ListProvidersQuery): Promise<Page<ProviderAnswer>> {
    return this.listing.page(query);
  }

  @Get(':name')
  @RequirePermission('providers:read')
  async get(@Param('name', { schema: ProviderName }) name: string): Promise<ProviderAnswer> {
    return toProviderAnswer(await this.providers.describe(name));
  }
}
