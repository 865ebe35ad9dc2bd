import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { type Account, AccountManager } from '../accounts/account.manager.js';
import { RevocationManager } from '../revocations/revocation.manager.js';
import { SessionManager } from '../sessions/session.manager.js';
import type { RefreshTokenClaims } from '../tokens/token-claims.js';
import {
  INACTIVE,
  type Introspection,
  introspectionOfAccess,
  introspectionOfApiKey,
  introspectionOfRefresh,
} from './introspection.js';
import { type InspectedToken, TokenInspector } from './token.inspector.js';

/** Tells whether a token is good, and for what (RFC 7662). */
@Injectable()
export class IntrospectionManager {
  constructor(
    private readonly tokens: TokenInspector,
    private readonly accounts: AccountManager,
    private readonly sessions: SessionManager,
    private readonly revocations: RevocationManager,
    private readonly dataSource: DataSource,
  ) {}

  /** @throws DependencyUnavailableError (503) when it cannot be decided */
  async introspect(token: string): Promise<Introspection> {
    const inspected = await this.tokens.inspect(token);
    if (inspected === undefined) return INACTIVE;
    if (inspected.use === 'api_key') {
      const { principal, facts } = inspected;
      return introspectionOfApiKey(principal, facts);
    }
    return inspected.use === 'access_token' ? this.ofAccess(inspected) : this.ofRefresh(inspected.claims);
  }

  private async ofAccess({
    principal,
    claims,
  }: Extract<InspectedToken, { use: 'access_token' }>): Promise<Introspection> {
    if (principal.type !== 'user') return introspectionOfAccess(principal, claims);
    const account = await this.activeAccount(principal.id);
    return account === undefined ? INACTIVE : introspectionOfAccess(principal, claims, account.email);
  }

  /** One is good when it would be changed for a new one. The one before it, which a lost answer is sent again for, is not. */
  private async ofRefresh(claims: RefreshTokenClaims): Promise<Introspection> {
    const { sub, sid, counter } = claims;
    const session = await this.sessions.getSession(sub, sid);
    if (session === undefined || counter < session.counter) return INACTIVE;
    const account = await this.activeAccount(sub);
    if (account === undefined) return INACTIVE;
    const ended = await this.revocations.hasEnded(this.dataSource.manager, session, account.epoch);
    return ended ? INACTIVE : introspectionOfRefresh(claims, account.email);
  }

  private async activeAccount(id: string): Promise<Account | undefined> {
    const account = await this.accounts.findById(id);
    return account?.status === 'active' ? account : undefined;
  }
}
