import { Injectable } from '@nestjs/common';
import { SecurityAudit } from '@gatehouse/audit-client';
import type { Principal } from '@gatehouse/auth-contracts';
import type { MarkBody, ProviderStatus } from '@gatehouse/provider-health-contracts';
import type { RequestContext } from '@gatehouse/service-bootstrap';
import { DataSource } from 'typeorm';
import { HealthManager } from '../health-tracking/health.manager.js';
import { toStatus } from '../health-tracking/tracked-provider.js';

/** What somebody says a provider is, after which outcomes go on counting. */
@Injectable()
export class MarkManager {
  constructor(
    private readonly dataSource: DataSource,
    private readonly health: HealthManager,
    private readonly audit: SecurityAudit,
  ) {}

  /** No mark without its audit event: Redis is told before the commit, and what it refuses is not written down. */
  mark(name: string, mark: MarkBody, by: Principal, request?: RequestContext): Promise<ProviderStatus> {
    return this.dataSource.transaction(async (manager) => {
      await this.audit.enlist(manager).logProviderEvent({
        action: 'provider.marked',
        outcome: 'success',
        reason: mark.reason,
        actor: { type: by.type, id: by.id },
        target: { type: 'provider', id: name },
        details: { status: mark.status },
        context: { ...request, sessionId: by.sessionId },
      });
      const { provider, now } = await this.health.mark(name, mark);
      return toStatus(provider, now);
    });
  }
}
