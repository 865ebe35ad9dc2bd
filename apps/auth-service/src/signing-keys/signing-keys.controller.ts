import { Controller, Delete, Get, Header, HttpCode, Param, Post } from '@nestjs/common';
import { CurrentUser, RequirePermission } from '@gatehouse/access-control';
import type { Principal, SigningKeysAnswer } from '@gatehouse/auth-contracts';
import { CurrentRequest, type RequestContext } from '@gatehouse/service-bootstrap';
import { SigningKeyAnnouncer } from './signing-key.announcer.js';
import { SigningKeyManager } from './signing-key.manager.js';
import { SigningKeyRotator } from './signing-key.rotator.js';

@Controller('v1/auth/signing-keys')
@RequirePermission('signing-keys:manage')
export class SigningKeysController {
  constructor(
    private readonly keys: SigningKeyManager,
    private readonly rotator: SigningKeyRotator,
    private readonly announcer: SigningKeyAnnouncer,
  ) {}

  /** Every signing key with its state, in the order in which they sign. */
  @Get()
  @Header('cache-control', 'no-store')
  async list(): Promise<SigningKeysAnswer> {
    return { items: await this.keys.list() };
  }

  /** Makes the next key, which signs once every verifier knows it. One that waits already is not joined by another. */
  @Post('rotate')
  @HttpCode(200)
  async rotate(
    @CurrentUser() by: Principal,
    @CurrentRequest() request: RequestContext,
  ): Promise<SigningKeysAnswer> {
    await this.rotator.rotate({ by, request });
    await this.announcer.announce();
    return this.list();
  }

  /** In an emergency: no token of this key is valid any more. Whoever has one signs in or refreshes anew. */
  @Delete(':kid')
  @HttpCode(204)
  async withdraw(
    @Param('kid') kid: string,
    @CurrentUser() by: Principal,
    @CurrentRequest() request: RequestContext,
  ): Promise<void> {
    await this.rotator.withdraw(kid, { by, request });
    await this.keys.refresh();
    await this.announcer.announce();
  }
}
