import { Body, Controller, Delete, Get, Header, HttpCode, Param, Post } from '@nestjs/common';
import { CurrentUser, Roles } from '@gatehouse/access-control';
import {
  ApiKeyAnswer,
  ApiKeyId,
  ApiKeysAnswer,
  CreateApiKeyBody,
  CreatedApiKeyAnswer,
  type Principal,
} from '@gatehouse/auth-contracts';
import { CurrentRequest, type RequestContext } from '@gatehouse/service-bootstrap';
import { ApiBearerAuth, ApiResponse } from '@nestjs/swagger';
import { ApiKeyDirectory } from './api-key.directory.js';
import { ApiKeyManager } from './api-key.manager.js';

/** A user's own API keys. No key makes another: it has no role. */
@Controller('v1/auth/api-keys')
@Roles('guest')
@ApiBearerAuth()
export class ApiKeysController {
  constructor(
    private readonly keys: ApiKeyManager,
    private readonly directory: ApiKeyDirectory,
  ) {}

  /** Those of the caller, the oldest first. */
  @Get()
  @ApiResponse({ status: 200, description: 'All of them', standardSchema: ApiKeysAnswer })
  @Header('cache-control', 'no-store')
  list(@CurrentUser() user: Principal): Promise<ApiKeysAnswer> {
    return this.directory.of(user.id);
  }

  @Get(':id')
  @ApiResponse({ status: 200, description: 'The API key', standardSchema: ApiKeyAnswer })
  @ApiResponse({ status: 404, description: '`not-found`' })
  @Header('cache-control', 'no-store')
  get(@Param('id', { schema: ApiKeyId }) id: string, @CurrentUser() user: Principal): Promise<ApiKeyAnswer> {
    return this.directory.get(user.id, id);
  }

  /** Makes one, for some of what the caller may do. The key is in this answer and nowhere else. */
  @Post()
  @ApiResponse({ status: 201, description: 'The API key', standardSchema: CreatedApiKeyAnswer })
  @ApiResponse({ status: 403, description: '`insufficient-permission`: the caller may not do that itself' })
  @ApiResponse({ status: 409, description: '`too-many-api-keys`' })
  @Header('cache-control', 'no-store')
  create(
    @Body({ schema: CreateApiKeyBody }) body: CreateApiKeyBody,
    @CurrentUser() by: Principal,
    @CurrentRequest() request: RequestContext,
  ): Promise<CreatedApiKeyAnswer> {
    return this.keys.create(body, { by, request });
  }

  /** It is refused everywhere at once. */
  @Delete(':id')
  @ApiResponse({ status: 204, description: 'Deleted' })
  @ApiResponse({ status: 404, description: '`not-found`' })
  @HttpCode(204)
  remove(
    @Param('id', { schema: ApiKeyId }) id: string,
    @CurrentUser() by: Principal,
    @CurrentRequest() request: RequestContext,
  ): Promise<void> {
    return this.keys.remove(id, { by, request });
  }
}
