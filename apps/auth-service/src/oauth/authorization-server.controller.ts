import { Controller, Get, Header, Param } from '@nestjs/common';
import { Public } from '@gatehouse/access-control';
import { NotFoundError } from '@gatehouse/problem-details';
import { ApiExcludeEndpoint, ApiResponse, ApiTags } from '@nestjs/swagger';
import { AuthEnvironment } from '../auth.environment.js';
import { type AuthorizationServerMetadata, authorizationServerMetadata } from './authorization-server.js';

const CACHED = 'public, max-age=300';

@Controller('.well-known/oauth-authorization-server')
@ApiTags('OAuth')
export class AuthorizationServerController {
  private readonly metadata: AuthorizationServerMetadata;

  constructor(environment: AuthEnvironment) {
    this.metadata = authorizationServerMetadata(environment.variables.ISSUER);
  }

  /** Where OAuth clients find what (RFC 8414). */
  @Get()
  @Public()
  @Header('cache-control', CACHED)
  @ApiResponse({ status: 200, description: 'The metadata of RFC 8414 §2' })
  describe(): AuthorizationServerMetadata {
    return this.metadata;
  }

  /** The same, where clients look for it when the issuer has a path (RFC 8414 §3.1). @throws NotFoundError for another path */
  @Get('*')
  @Public()
  @Header('cache-control', CACHED)
  @ApiExcludeEndpoint()
  describePath(@Param('*') path: string): AuthorizationServerMetadata {
    if (new URL(this.metadata.issuer).pathname !== `/${path}`) throw new NotFoundError();
    return this.metadata;
  }
}
