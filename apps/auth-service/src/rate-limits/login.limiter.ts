import { createHmac } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { deriveKey } from '@gatehouse/envelope-encryption';
import { REDIS, type RedisConnection } from '@gatehouse/redis';
import { AuthEnvironment } from '../auth.environment.js';
import { AttemptCounter } from './attempt.counter.js';
import { clientNetwork } from './client-network.js';
import type { LimitState, RateLimit } from './rate-limit.js';
import { TooManyRequestsError } from './rate-limits.errors.js';

/** How often at most it is told that a limit refuses. */
const NOTICE: RateLimit = { count: 1, seconds: 60 };

/** The attempts that one login may draw on, and draws on before its password is looked at. */
export interface LoginBudget {
  /** Of whom the password is being checked, the same for everybody who shares the budget. */
  readonly key: string;
  /** @throws TooManyRequestsError (429) */
  take(): Promise<LimitState[]>;
  /** For an attempt that was not looked at. */
  giveBack(): Promise<void>;
  /** For an attempt that was right. */
  succeed(): Promise<LimitState[]>;
}

/**
 * Limits logins by address, by account, and by both. An account need not exist: its email is counted, as a keyed hash. A
 * device that has signed in to the account has a budget of its own, which nobody else can use up.
 */
@Injectable()
export class LoginLimiter {
  private readonly byAddress: AttemptCounter;
  private readonly byAccount: AttemptCounter;
  private readonly byBoth: AttemptCounter;
  private readonly byDevice: AttemptCounter;
  private readonly notices: AttemptCounter;
  private readonly emailKey: Buffer;

  constructor(@Inject(REDIS) redis: RedisConnection, environment: AuthEnvironment) {
    const { LOGIN_LIMIT_PER_ADDRESS, LOGIN_LIMIT_PER_ACCOUNT, LOGIN_LIMIT_PER_ADDRESS_AND_ACCOUNT } =
      environment.variables;
    const counter = (name: string, limit: RateLimit) =>
      new AttemptCounter(redis, { name, limit, namespace: environment.namespace });
    this.byAddress = counter('login-address', LOGIN_LIMIT_PER_ADDRESS);
    this.byAccount = counter('login-account', LOGIN_LIMIT_PER_ACCOUNT);
    this.byBoth = counter('login-address-account', LOGIN_LIMIT_PER_ADDRESS_AND_ACCOUNT);
    this.byDevice = counter('login-device', LOGIN_LIMIT_PER_ADDRESS_AND_ACCOUNT);
    this.notices = counter('login-notice', NOTICE);
    this.emailKey = deriveKey(environment.encryptionKeys[0] as string, 'login-limits');
  }

  /** @throws TooManyRequestsError (429) */
  countAddress(address: string): Promise<LimitState> {
    return this.byAddress.count(clientNetwork(address));
  }

  /** What anybody at the address may try at the account; what all addresses together may. */
  accountBudget(email: string, address: string): LoginBudget {
    const account = this.accountKey(email);
    const both = `${account}:${clientNetwork(address)}`;
    return {
      key: account,
      take: async () => {
        // First both: one address alone does not use up what the account has.
        const ofBoth = await this.byBoth.count(both);
        try {
          return [ofBoth, await this.byAccount.count(account)];
        } catch (error) {
          await this.byBoth.giveBack(both).catch(() => {});
          throw error;
        }
      },
      giveBack: async () => {
        await Promise.all([this.byBoth.giveBack(both), this.byAccount.giveBack(account)]);
      },
      // The failures at the account stay: they may be somebody else's, who would get new attempts by each login of the owner.
      succeed: () => Promise.all([this.byBoth.reset(both), this.byAccount.giveBack(account)]),
    };
  }

  /** What a device may try that has signed in to the account before. */
  deviceBudget(accountId: string, deviceId: string): LoginBudget {
    const key = `${accountId}:${deviceId}`;
    return {
      key,
      take: async () => [await this.byDevice.count(key)],
      giveBack: async () => void (await this.byDevice.giveBack(key)),
      succeed: async () => [await this.byDevice.reset(key)],
    };
  }

  /** Whether a refusal is the first of its kind in a minute, for whoever it is about. */
  async isNews({ state }: TooManyRequestsError, email: string, address: string): Promise<boolean> {
    const about = state.name === 'login-address' ? clientNetwork(address) : this.accountKey(email);
    try {
      await this.notices.count(`${state.name}:${about}`);
      return true;
    } catch (error) {
      if (error instanceof TooManyRequestsError) return false;
      throw error;
    }
  }

  private accountKey(email: string): string {
    return createHmac('sha256', this.emailKey).update(email).digest('base64url').slice(0, 22);
  }
}
