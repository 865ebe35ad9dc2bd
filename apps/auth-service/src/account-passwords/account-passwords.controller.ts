import { Body, Controller, HttpCode, Post, UseGuards } from '@nestjs/common';
import { CurrentUser, Public, Roles } from '@gatehouse/access-control';
import { ChangePasswordBody, type Principal, ResetPasswordBody } from '@gatehouse/auth-contracts';
import { CurrentRequest, type RequestContext } from '@gatehouse/service-bootstrap';
import { LimitedPerAddress } from '../rate-limits/address-limit.decorator.js';
import { AddressLimitGuard } from '../rate-limits/address-limit.guard.js';
import { PasswordChangeManager } from './password-change.manager.js';
import { PasswordResetManager } from './password-reset.manager.js';

@Controller('v1/auth')
export class AccountPasswordsController {
  constructor(
    private readonly changes: PasswordChangeManager,
    private readonly resets: PasswordResetManager,
  ) {}

  /** Changes the caller's own password; all its other sessions end. */
  @Post('password')
  @Roles('guest')
  @HttpCode(204)
  change(
    @Body({ schema: ChangePasswordBody }) body: ChangePasswordBody,
    @CurrentUser() user: Principal,
    @CurrentRequest() request: RequestContext,
  ): Promise<void> {
    return this.changes.change(user, body, request);
  }

  /** Sets a password by a token that an admin or an operator made; all sessions of the account end. */
  @Post('password-reset')
  @Public()
  @UseGuards(AddressLimitGuard)
  @LimitedPerAddress('password-reset')
  @HttpCode(204)
  reset(
    @Body({ schema: ResetPasswordBody }) body: ResetPasswordBody,
    @CurrentRequest() request: RequestContext,
  ): Promise<void> {
    return this.resets.redeem(body, request);
  }
}
