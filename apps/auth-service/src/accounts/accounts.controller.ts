import { Body, Controller, Get, Patch, Post, UseGuards } from '@nestjs/common';
import { CurrentUser, Public, Roles, UnauthenticatedError } from '@gatehouse/access-control';
import {
  type AccountAnswer,
  type MeAnswer,
  type Principal,
  RegisterBody,
  UpdateMeBody,
} from '@gatehouse/auth-contracts';
import { CurrentRequest, type RequestContext } from '@gatehouse/service-bootstrap';
import { LimitedPerAddress } from '../rate-limits/address-limit.decorator.js';
import { AddressLimitGuard } from '../rate-limits/address-limit.guard.js';
import { type Account, AccountManager } from './account.manager.js';

@Controller('v1/auth')
export class AccountsController {
  constructor(private readonly accounts: AccountManager) {}

  /** Makes an account with the role user. */
  @Post('register')
  @Public()
  @UseGuards(AddressLimitGuard)
  @LimitedPerAddress('register')
  async register(
    @Body({ schema: RegisterBody }) body: RegisterBody,
    @CurrentRequest() request: RequestContext,
  ): Promise<AccountAnswer> {
    const { id, email, displayName, role, createdAt } = await this.accounts.register(body, request);
    return { id, email, displayName, role, createdAt: createdAt.toISOString() };
  }

  /** Who the caller is and what it may do. */
  @Get('me')
  @Roles('guest')
  async me(@CurrentUser() user: Principal): Promise<MeAnswer> {
    const account = await this.accounts.findById(user.id);
    if (account === null) throw new UnauthenticatedError({ reason: 'the account is gone' });
    return toMe(account, user);
  }

  /** What users change of themselves. */
  @Patch('me')
  @Roles('guest')
  async updateMe(
    @Body({ schema: UpdateMeBody }) body: UpdateMeBody,
    @CurrentUser() user: Principal,
    @CurrentRequest() request: RequestContext,
  ): Promise<MeAnswer> {
    return toMe(await this.accounts.updateProfile(user, body, request), user);
  }
}

const toMe = ({ id, email, displayName, role }: Account, user: Principal): MeAnswer => ({
  ...{ id, email, displayName, role },
  ...{ permissions: user.permissions, sessionId: user.sessionId ?? '' },
});
