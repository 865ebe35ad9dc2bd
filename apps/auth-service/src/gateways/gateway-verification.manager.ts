import { Injectable } from '@nestjs/common';
import { PermissionManager, RevocationGate } from '@gatehouse/access-control';
import { SecurityAudit } from '@gatehouse/audit-client';
import type { Principal, VerifyAccessQuery } from '@gatehouse/auth-contracts';
import { DomainError } from '@gatehouse/problem-details';
import type { RequestContext } from '@gatehouse/service-bootstrap';
import { clientNetwork } from '../rate-limits/client-network.js';
import { NoticeLimiter } from '../rate-limits/notice.limiter.js';
import type { ForwardedRequest } from './forwarded-request.js';

/** Who is refused, and what the gateway says that they asked for. */
export interface Asked {
  forwarded: ForwardedRequest;
  request: RequestContext;
}

/** Decides for gateways, and tells the audit trail whom they are to refuse. */
@Injectable()
export class GatewayVerificationManager {
  constructor(
    private readonly permissions: PermissionManager,
    private readonly revocations: RevocationGate,
    private readonly audit: SecurityAudit,
    private readonly notices: NoticeLimiter,
  ) {}

  /**
   * @throws InsufficientRoleError, InsufficientPermissionError (403)
   * @throws RevocationsUnknownError (503): what the gateway lets in is not known, so it is judged as an admin's request is
   */
  async demand(principal: Principal, needed: VerifyAccessQuery, asked: Asked): Promise<void> {
    this.revocations.demandFresh({ role: 'admin', permissions: [], anyPermission: [] });
    try {
      for (const role of needed.role) this.permissions.requireRole(principal, role);
      this.permissions.requirePermissions(principal, { permissions: needed.permission, anyPermission: [] });
    } catch (error) {
      if (error instanceof DomainError) await this.tell(principal, error.type, needed, asked);
      throw error;
    }
  }

  /** Once a minute for each address: anybody can do this as often as they like. */
  async tellUnauthenticated({ forwarded, request }: Asked): Promise<void> {
    if (!(await this.notices.isNews(`gateway:${clientNetwork(request.ip)}`))) return;
    await this.audit.logAccessEvent({
      ...{ action: 'auth.gateway-refused', outcome: 'denied', reason: 'unauthenticated' },
      ...{ actor: { type: 'anonymous' }, context: request, details: { forwarded } },
    });
  }

  private async tell(
    { id, type, sessionId }: Principal,
    reason: string,
    needed: VerifyAccessQuery,
    { forwarded, request }: Asked,
  ): Promise<void> {
    await this.audit.logAccessEvent({
      ...{ action: 'auth.gateway-refused', outcome: 'denied', reason, actor: { type, id } },
      context: { ...request, sessionId },
      details: { roles: needed.role, permissions: needed.permission, forwarded },
    });
  }
}
