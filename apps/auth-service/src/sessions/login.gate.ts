import { Injectable } from '@nestjs/common';
import { SecurityAudit } from '@gatehouse/audit-client';
import type { RequestContext } from '@gatehouse/service-bootstrap';
import { type Account, AccountManager } from '../accounts/account.manager.js';
import { type LoginBudget, LoginLimiter } from '../rate-limits/login.limiter.js';
import type { LimitState } from '../rate-limits/rate-limit.js';
import { TooManyRequestsError } from '../rate-limits/rate-limits.errors.js';
import { TokenManager } from '../tokens/token.manager.js';

/** An attempt to sign in, before its password is looked at. */
export interface LoginAttempt {
  email: string;
  /** What the device shows of an earlier login, if anything. */
  deviceToken: string | undefined;
  request: RequestContext;
}

/** Whom an attempt is about, and which attempts it draws on. */
export interface Approach {
  /** Undefined when there is none, or it may not sign in. */
  account: Account | undefined;
  budget: LoginBudget;
  /** What the attempt has been counted on already. */
  limits: LimitState[];
}

/** Decides whether the password of an attempt is looked at at all. */
@Injectable()
export class LoginGate {
  constructor(
    private readonly limiter: LoginLimiter,
    private readonly accounts: AccountManager,
    private readonly tokens: TokenManager,
    private readonly audit: SecurityAudit,
  ) {}

  /** @throws TooManyRequestsError when the address has none left, and the device is not known at the account */
  async approach(attempt: LoginAttempt): Promise<Approach> {
    const { email, deviceToken, request } = attempt;
    const address = await this.countAddress(request.ip);
    if (address instanceof TooManyRequestsError && deviceToken === undefined)
      throw await this.refused(address, attempt);
    const account = await this.accounts.findToAuthenticate(email);
    const device = account && this.tokens.readDeviceToken(account, deviceToken);
    if (account !== undefined && device !== undefined)
      return { account, budget: this.limiter.deviceBudget(account.id, device), limits: [] };
    if (address instanceof TooManyRequestsError) throw await this.refused(address, attempt);
    return { account, budget: this.limiter.accountBudget(email, request.ip), limits: [address] };
  }

  /** @throws TooManyRequestsError when the budget has none left */
  async enter({ budget }: Approach, attempt: LoginAttempt): Promise<LimitState[]> {
    try {
      return await budget.take();
    } catch (error) {
      throw error instanceof TooManyRequestsError ? await this.refused(error, attempt) : error;
    }
  }

  private async countAddress(ip: string): Promise<LimitState | TooManyRequestsError> {
    try {
      return await this.limiter.countAddress(ip);
    } catch (error) {
      if (error instanceof TooManyRequestsError) return error;
      throw error;
    }
  }

  /** Leaves an event once a minute: a flood must not fill the trail. */
  private async refused(
    error: TooManyRequestsError,
    { email, request }: LoginAttempt,
  ): Promise<TooManyRequestsError> {
    if (await this.limiter.isNews(error, email, request.ip)) {
      await this.audit.logAuthEvent({
        action: 'auth.login-failed',
        outcome: 'denied',
        reason: 'limited',
        actor: { type: 'anonymous' },
        context: request,
        details: { limit: error.state.name },
      });
    }
    return error;
  }
}
