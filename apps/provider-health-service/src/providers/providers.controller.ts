import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { CurrentUser, RequirePermission } from '@gatehouse/access-control';
import type { Principal } from '@gatehouse/auth-contracts';
import {
  CreateProviderBody,
  ListProvidersQuery,
  type Page,
  type ProviderAnswer,
  ProviderName,
  UpdateProviderBody,
} from '@gatehouse/provider-health-contracts';
import { CurrentRequest, type RequestContext } from '@gatehouse/service-bootstrap';
import { toProviderAnswer } from './provider-answer.js';
import { ProviderEditor } from './provider.editor.js';
import { ProviderRemover } from './provider.remover.js';
import { ProviderListing } from './provider.listing.js';
import { ProviderManager } from './provider.manager.js';

@Controller('v1/providers')
export class ProvidersController {
  constructor(
    private readonly providers: ProviderManager,
    private readonly editor: ProviderEditor,
    private readonly remover: ProviderRemover,
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
    const created = await this.providers.create(body, user, request);
    await this.editor.introduce(created.name);
    return toProviderAnswer(created);
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

  /** Changes what the body has; `null` removes. Another origin without a key beside it removes the key. */
  @Patch(':name')
  @RequirePermission('providers:write')
  async update(
    @Param('name', { schema: ProviderName }) name: string,
    @Body({ schema: UpdateProviderBody }) body: UpdateProviderBody,
    @CurrentUser() by: Principal,
    @CurrentRequest() request: RequestContext,
  ): Promise<ProviderAnswer> {
    return toProviderAnswer(await this.editor.update(name, body, { by, request }));
  }

  @Delete(':name')
  @RequirePermission('providers:write')
  @HttpCode(204)
  async delete(
    @Param('name', { schema: ProviderName }) name: string,
    @CurrentUser() by: Principal,
    @CurrentRequest() request: RequestContext,
  ): Promise<void> {
    await this.remover.delete(name, { by, request });
  }
}
