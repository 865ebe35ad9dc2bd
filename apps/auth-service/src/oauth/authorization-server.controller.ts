import { Controller, Get, Header } from '@nestjs/common';
import { Public } from '@gatehouse/access-control';
import { ApiTags } from '@nestjs/swagger';
import { AuthEnvironment } from '../auth.environment.js';
import { type AuthorizationServerMetadata, authorizationServerMetadata } from './authorization-server.js';

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
  @Header('cache-control', 'public, max-age=300')
  describe(): AuthorizationServerMetadata {
    return this.metadata;
  }
}
