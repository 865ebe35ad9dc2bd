import { Injectable } from '@nestjs/common';
import { SecurityAudit } from '@gatehouse/audit-client';
import type { Principal } from '@gatehouse/auth-contracts';
import type { RequestContext } from '@gatehouse/service-bootstrap';
import type { EntityManager } from 'typeorm';

/** Who changes a provider, by which request. */
export interface Editor {
  by: Principal;
  request: RequestContext;
}

/** What administrators do with providers, in the audit trail. */
@Injectable()
export class ProviderTrail {
  constructor(private readonly audit: SecurityAudit) {}

  /** In the transaction of what it tells. */
  async tell(
    manager: EntityManager,
    name: string,
    { by, request }: Editor,
    what: { action: string; details?: Record<string, unknown> },
  ): Promise<void> {
    await this.audit.enlist(manager).logAdminEvent({
      ...what,
      outcome: 'success',
      actor: { type: by.type, id: by.id },
      target: { type: 'provider', id: name },
      context: { ...request, sessionId: by.sessionId },
    });
  }
}
