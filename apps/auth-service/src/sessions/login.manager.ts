import { Injectable } from '@nestjs/common';
import { SecurityAudit } from '@gatehouse/audit-client';
import type { LoginAnswer, LoginBody } from '@gatehouse/auth-contracts';
import type { RequestContext } from '@gatehouse/service-bootstrap';
import { InvalidCredentialsError } from '../accounts/accounts.errors.js';
import { PasswordVerifier } from '../accounts/password.verifier.js';
import type { Patience } from '../passwords/hashing.queue.js';
import { type LimitState, rateLimitHeaders } from '../rate-limits/rate-limit.js';
import { type Approach, type LoginAttempt, LoginGate } from './login.gate.js';
import { SignInManager } from './sign-in.manager.js';

/** Checks who wants to sign in, within limits, and signs them in. */
@Injectable()
export class LoginManager {
  constructor(
    private readonly gate: LoginGate,
    private readonly passwords: PasswordVerifier,
    private readonly signIn: SignInManager,
    private readonly audit: SecurityAudit,
  ) {}

  /**
   * @param shown the device token of the body or a cookie
   * @param signal aborted when the client has gone
   * @throws InvalidCredentialsError, the same for a wrong password, an unknown account and a disabled one
   * @throws TooManyRequestsError (429), OverloadedError (503)
   */
  async login(
    body: LoginBody,
    shown: string | undefined,
    request: RequestContext,
    signal?: AbortSignal,
  ): Promise<{ answer: LoginAnswer; headers: Record<string, string> }> {
    // First of all, so that what is refused costs next to nothing and tells nothing of an account.
    return this.passwords.admit((until) => this.attempt(body, shown, request, { signal, until }));
  }

  private async attempt(
    body: LoginBody,
    shown: string | undefined,
    request: RequestContext,
    patience: Patience,
  ): Promise<{ answer: LoginAnswer; headers: Record<string, string> }> {
    const attempt: LoginAttempt = { email: body.email, deviceToken: shown, request };
    const approach = await this.gate.approach(attempt);
    const { isRight, limits } = await this.check(approach, attempt, body.password, patience);
    const headers = rateLimitHeaders(limits);
    const { account } = approach;
    if (!isRight || account === undefined) {
      await this.audit.logAuthEvent({
        action: 'auth.login-failed',
        outcome: 'failure',
        reason: 'invalid-credentials',
        actor: { type: 'anonymous' },
        ...(account === undefined ? {} : { target: { type: 'user', id: account.id } }),
        context: request,
      });
      throw new InvalidCredentialsError(headers);
    }
    const answer = await this.signIn.signIn(
      account,
      { name: body.device?.name, deviceToken: shown },
      request,
    );
    return { answer, headers };
  }

  /** Counted before the password is looked at, and given back when it is right or was not looked at. */
  private check(
    approach: Approach,
    attempt: LoginAttempt,
    password: string,
    patience: Patience,
  ): Promise<{ isRight: boolean; limits: LimitState[] }> {
    const { account, budget } = approach;
    return this.passwords.inTurn(
      budget.key,
      async () => {
        const taken = await this.gate.enter(approach, attempt);
        let isRight: boolean;
        try {
          isRight = await this.passwords.verify(account, password, patience);
        } catch (error) {
          // Without Redis it stays counted, until its window ends.
          await budget.giveBack().catch(() => {});
          throw error;
        }
        const left = isRight ? await budget.succeed() : taken;
        return { isRight, limits: [...approach.limits, ...left] };
      },
      patience,
    );
  }
}
