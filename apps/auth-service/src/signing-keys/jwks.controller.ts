import { Controller, Get, Header } from '@nestjs/common';
import { Public } from '@gatehouse/access-control';
import type { JSONWebKeySet } from 'jose';
import { SigningKeyManager } from './signing-key.manager.js';

@Controller('.well-known')
export class JwksController {
  constructor(private readonly keys: SigningKeyManager) {}

  /** The public signing keys (RFC 7517). */
  @Get('jwks.json')
  @Public()
  @Header('cache-control', 'public, max-age=300')
  jwks(): Promise<JSONWebKeySet> {
    return this.keys.jwks();
  }
}
