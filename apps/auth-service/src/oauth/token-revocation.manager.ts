import { Injectable } from '@nestjs/common';
import { SecurityAudit } from '@gatehouse/audit-client';
import { type AuthenticatedService, demandPermission } from './client.authenticator.js';
import type { RequestContext } from '@gatehouse/service-bootstrap';
import { RevocationManager } from '../revocations/revocation.manager.js';
import { FIRST_PARTY_CLIENT, type RefreshTokenClaims } from '../tokens/token-claims.js';
import { OAuthError } from './oauth.errors.js';
import { TokenInspector } from './token.inspector.js';

/** By whom, and by which request. */
interface By {
  client: AuthenticatedService;
  request: RequestContext;
}

/**
 * Ends tokens for clients (RFC 7009). A client ends its own; one with `auth:introspect` also those of users, which belong to
 * the platform.
 */
@Injectable()
export class TokenRevocationManager {
  constructor(
    private readonly tokens: TokenInspector,
    private readonly revocations: RevocationManager,
    private readonly audit: SecurityAudit,
  ) {}

  /** A token that is not valid is ended already. @throws OAuthError 403 when it is not for this client to end */
  async revoke(token: string, by: By): Promise<void> {
    const inspected = await this.tokens.inspect(token);
    if (inspected === undefined) return;
    if (inspected.use === 'api_key')
      throw new OAuthError('unsupported_token_type', 400, 'An API key is deleted by its user');
    if (inspected.use === 'refresh_token') return this.endSession(inspected.claims, by);
    const { principal, claims } = inspected;
    demandTokenOf(principal.clientId, by.client);
    await this.endAccessToken({ id: String(claims['jti']), subject: principal.id }, by);
  }

  private async endAccessToken(
    token: { id: string; subject: string },
    { client, request }: By,
  ): Promise<void> {
    await this.revocations.transaction(async (manager, revoke) => {
      await this.audit.enlist(manager).logAuthEvent({
        ...{ action: 'auth.token-revoked', outcome: 'success' },
        actor: { type: 'service', id: client.id },
        target: { type: 'token', id: token.id },
        context: request,
        details: { subject: token.subject },
      });
      await revoke({ kind: 'token', id: token.id });
    });
  }

  /** Of any of its refresh tokens, also one that was used: whoever shows that one at a refresh ends the session too. */
  private async endSession({ sub, sid }: RefreshTokenClaims, { client, request }: By): Promise<void> {
    demandTokenOf(FIRST_PARTY_CLIENT, client);
    await this.revocations.transaction(async (manager, revoke) => {
      // What Redis knows does not count: it may have lost the session, whose access tokens others still take.
      if (await this.revocations.hasSession(manager, sid)) return;
      await this.audit.enlist(manager).logAuthEvent({
        ...{ action: 'auth.session-ended', outcome: 'success', reason: 'refresh-token-revoked' },
        actor: { type: 'service', id: client.id },
        target: { type: 'session', id: sid },
        context: request,
        details: { subject: sub },
      });
      await revoke({ kind: 'session', id: sid, accountId: sub });
    });
  }
}

function demandTokenOf(owner: string, client: AuthenticatedService): void {
  if (owner === client.id) return;
  if (owner !== FIRST_PARTY_CLIENT)
    throw new OAuthError('unauthorized_client', 403, 'The token is of another client');
  demandPermission(client, 'auth:introspect');
}
