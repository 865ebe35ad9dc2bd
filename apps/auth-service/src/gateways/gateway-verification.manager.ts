import { Injectable } from '@nestjs/common';
import { PermissionManager, RevocationGate } from '@gatehouse/access-control';
import { SecurityAudit } from '@gatehouse/audit-client';
import type { Principal, VerifyAccessQuery } from '@gatehouse/auth-contracts';
import { DomainError } from '@gatehouse/problem-details';
import type { RequestContext } from '@gatehouse/service-bootstrap';
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
