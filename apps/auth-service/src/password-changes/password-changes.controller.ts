import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { CurrentUser, Roles } from '@gatehouse/access-control';
import { ChangePasswordBody, type Principal } from '@gatehouse/auth-contracts';
import { CurrentRequest, type RequestContext } from '@gatehouse/service-bootstrap';
import { PasswordChangeManager } from './password-change.manager.js';

@Controller('v1/auth')
export class PasswordChangesController {
  constructor(private readonly passwordChanges: PasswordChangeManager) {}

  /** Changes the caller's own password; all its other sessions end. */
  @Post('password')
  @Roles('guest')
  @HttpCode(204)
  change(
    @Body({ schema: ChangePasswordBody }) body: ChangePasswordBody,
    @CurrentUser() user: Principal,
    @CurrentRequest() request: RequestContext,
  ): Promise<void> {
    return this.passwordChanges.change(user, body, request);
  }
}
