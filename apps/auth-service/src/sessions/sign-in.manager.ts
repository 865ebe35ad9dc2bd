import { Injectable } from '@nestjs/common';
import { SecurityAudit } from '@gatehouse/audit-client';
import type { LoginAnswer } from '@gatehouse/auth-contracts';
import type { RequestContext } from '@gatehouse/service-bootstrap';
import { type Account, AccountManager } from '../accounts/account.manager.js';
import { InvalidCredentialsError } from '../accounts/accounts.errors.js';
import { TokenManager } from '../tokens/token.manager.js';
import { RevocationManager } from '../revocations/revocation.manager.js';
import type { DecidedSession } from './session.js';
import { SessionManager } from './session.manager.js';

/**
 * Signs in. It leaves an event in the audit trail before it is acknowledged: the step on Redis is taken inside the
 * transaction that writes the event, so that without PostgreSQL nothing is done, and without Redis nothing is told.
 */
@Injectable()
export class SignInManager {
  constructor(
    private readonly revocations: RevocationManager,
    private readonly accounts: AccountManager,
    private readonly sessions: SessionManager,
    private readonly tokens: TokenManager,
    private readonly audit: SecurityAudit,
  ) {}

  /**
   * @param account whose password was right
   * @param device what it calls itself, and what it shows of an earlier sign-in
   * @throws InvalidCredentialsError when the account has changed since
   */
  async signIn(
    account: Account,
    device: { name: string | undefined; deviceToken: string | undefined },
    request: RequestContext,
  ): Promise<LoginAnswer> {
    const session = await this.beginSession(account, device.name, request);
    const tokens = await this.tokens.createTokens(session);
    return { ...tokens, deviceToken: this.tokens.createDeviceToken(account, device.deviceToken) };
  }

  private async beginSession(
    { id: userId, epoch }: Account,
    name: string | undefined,
    request: RequestContext,
  ): Promise<DecidedSession> {
    let made: DecidedSession | undefined;
    try {
      return await this.revocations.transaction(async (manager, revoke) => {
        // A change of role, status or password since the password was checked has the say.
        const account = await this.accounts.findToSignIn(manager, userId);
        if (account?.epoch !== epoch) throw new InvalidCredentialsError();
        const signIn = { ip: request.ip, userAgent: request.userAgent, name };
        const { role } = account;
        const { session, tooMany } = await this.sessions.createSession(manager, {
          userId,
          role,
          epoch,
          signIn,
        });
        made = session;
        await this.audit.enlist(manager).logAuthEvent({
          action: 'auth.login',
          outcome: 'success',
          actor: { type: 'user', id: userId },
          context: { ...request, sessionId: session.id },
        });
        for (const id of tooMany) {
          await this.audit.enlist(manager).logAuthEvent({
            action: 'auth.session-ended',
            outcome: 'success',
            reason: 'too-many-sessions',
            actor: { type: 'user', id: userId },
            target: { type: 'session', id },
            context: request,
          });
        }
        await revoke(...tooMany.map((id) => ({ kind: 'session', id, accountId: userId }) as const));
        return session;
      });
    } catch (error) {
      // Nobody has its tokens and nothing tells of it: it would only stand in the list of sessions.
      if (made !== undefined) await this.sessions.discardSession(userId, made.id).catch(() => {});
      throw error;
    }
  }
}
