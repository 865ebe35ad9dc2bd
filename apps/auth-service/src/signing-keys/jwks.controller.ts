import { Controller, Get, Header } from '@nestjs/common';
import { Public } from '@gatehouse/access-control';
import type { JSONWebKeySet } from 'jose';
import { JWKS_CACHE_SECONDS } from './key-timeline.js';
import { SigningKeyManager } from './signing-key.manager.js';

@Controller('.well-known')
export class JwksController {
  constructor(private readonly keys: SigningKeyManager) {}

  /** The public signing keys (RFC 7517), those that will sign soon among them. Empty with HS256. */
  @Get('jwks.json')
  @Public()
  @Header('cache-control', `public, max-age=${JWKS_CACHE_SECONDS}`)
  jwks(): Promise<JSONWebKeySet> {
    return this.keys.jwksNow();
  }
}
