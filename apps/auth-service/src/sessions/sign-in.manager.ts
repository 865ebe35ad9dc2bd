import { Injectable } from '@nestjs/common';
import { SecurityAudit } from '@gatehouse/audit-client';
import type { LoginAnswer, LoginBody, Principal, TokenPair } from '@gatehouse/auth-contracts';
import type { RequestContext } from '@gatehouse/service-bootstrap';
import { DataSource } from 'typeorm';
import { type Account, AccountManager } from '../accounts/account.manager.js';
import { InvalidCredentialsError } from '../accounts/accounts.errors.js';
import { type RefreshOutcome, TokenManager } from '../tokens/token.manager.js';
import { InvalidRefreshTokenError, RefreshTokenReusedError } from '../tokens/tokens.errors.js';
import { deviceFingerprint } from './device-fingerprint.js';
import type { DecidedSession } from './session.js';
import { SessionManager } from './session.manager.js';

/**
 * Signs in, stays signed in, signs out. Each leaves an event in the audit trail before it is acknowledged: the step on
 * Redis is taken inside the transaction that writes the event, so that without PostgreSQL nothing is done, and without
 * Redis nothing is told.
 */
@Injectable()
export class SignInManager {
  constructor(
    private readonly dataSource: DataSource,
    private readonly accounts: AccountManager,
    private readonly sessions: SessionManager,
    private readonly tokens: TokenManager,
    private readonly audit: SecurityAudit,
  ) {}

  /** @throws InvalidCredentialsError, the same for a wrong password, an unknown account and a disabled one */
  async login(body: LoginBody, request: RequestContext): Promise<LoginAnswer> {
    const account = await this.accounts.authenticate(body.email, body.password);
    if (account === undefined) {
      await this.audit.logAuthEvent({
        action: 'auth.login',
        outcome: 'failure',
        reason: 'invalid-credentials',
        actor: { type: 'anonymous' },
        context: request,
      });
      throw new InvalidCredentialsError();
    }
    const session = await this.beginSession(account, body.device?.name, request);
    const tokens = await this.tokens.createTokens(session);
    return { ...tokens, deviceToken: this.tokens.createDeviceToken(account, body.deviceToken) };
  }

  /** @throws InvalidRefreshTokenError, RefreshTokenReusedError */
  async refresh(refreshToken: string, request: RequestContext): Promise<TokenPair> {
    // Before a transaction is opened: a token that is none of ours costs PostgreSQL nothing.
    const shown = await this.tokens.readRefreshToken(refreshToken);
    const device = deviceFingerprint(request.userAgent);
    const outcome = await this.dataSource.transaction(async (manager) => {
      const refreshed = await this.tokens.refreshAccessToken(shown, device);
      await this.audit.enlist(manager).logAuthEvent({
        ...refreshEvent(refreshed),
        actor: { type: 'user', id: refreshed.userId },
        context: { ...request, sessionId: refreshed.sessionId },
      });
      return refreshed;
    });
    if ('tokens' in outcome) return outcome.tokens;
    if (outcome.decision === 'reused') throw new RefreshTokenReusedError();
    throw new InvalidRefreshTokenError('its session has ended');
  }

  /** Ends the session of the token that the request came with. */
  async logout(user: Principal, request: RequestContext): Promise<void> {
    const sessionId = user.sessionId;
    if (sessionId === undefined) return;
    await this.dataSource.transaction(async (manager) => {
      await this.audit.enlist(manager).logAuthEvent({
        action: 'auth.logout',
        outcome: 'success',
        actor: { type: 'user', id: user.id },
        context: { ...request, sessionId },
      });
      await this.sessions.invalidateSession(user.id, sessionId);
    });
  }

  private async beginSession(
    account: Account,
    name: string | undefined,
    request: RequestContext,
  ): Promise<DecidedSession> {
    const device = { fingerprint: deviceFingerprint(request.userAgent), ip: request.ip, name };
    let session: DecidedSession | undefined;
    try {
      return await this.dataSource.transaction(async (manager) => {
        session = await this.sessions.createSession({
          ...{ userId: account.id, role: account.role, epoch: account.epoch, device },
        });
        await this.audit.enlist(manager).logAuthEvent({
          action: 'auth.login',
          outcome: 'success',
          actor: { type: 'user', id: account.id },
          context: { ...request, sessionId: session.id },
        });
        return session;
      });
    } catch (error) {
      // Nobody has its tokens and nothing tells of it: it would only stand in the list of sessions.
      if (session !== undefined)
        await this.sessions.invalidateSession(account.id, session.id).catch(() => {});
      throw error;
    }
  }
}

function refreshEvent(outcome: RefreshOutcome) {
  switch (outcome.decision) {
    case 'rotated':
      return { action: 'auth.refresh', outcome: 'success' } as const;
    case 'replayed':
      return { action: 'auth.refresh', outcome: 'success', reason: 'answer-repeated' } as const;
    case 'gone':
      return { action: 'auth.refresh', outcome: 'failure', reason: 'session-ended' } as const;
    case 'reused':
      return { action: 'auth.refresh-reuse', outcome: 'denied', reason: 'refresh-token-reused' } as const;
  }
}
