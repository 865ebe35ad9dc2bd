import { Injectable } from '@nestjs/common';
import { SecurityAudit } from '@gatehouse/audit-client';
import type { Principal } from '@gatehouse/auth-contracts';
import type { MarkBody, ProviderStatus } from '@gatehouse/provider-health-contracts';
import type { RequestContext } from '@gatehouse/service-bootstrap';
import { DataSource } from 'typeorm';
import { HealthManager } from '../health-tracking/health.manager.js';
import { toStatus } from '../health-tracking/tracked-provider.js';
import { OverrideRegistry } from '../overrides/override.registry.js';
import { MarkRepository } from './mark.repository.js';

/** What somebody says a provider is, after which outcomes go on counting. */
@Injectable()
export class MarkManager {
  constructor(
    private readonly dataSource: DataSource,
    private readonly marks: MarkRepository,
    private readonly overrides: OverrideRegistry,
    private readonly health: HealthManager,
    private readonly audit: SecurityAudit,
  ) {}

  /**
   * It is written down with its audit event, and then Redis is told: whoever dies in between, it holds within seconds, and
   * what is not in the trail never holds. Nothing is written down while Redis is away.
   *
   * @throws UnknownProviderError
   * @throws ProviderOverriddenError (409) while an override holds
   */
  async mark(name: string, mark: MarkBody, by: Principal, request?: RequestContext): Promise<ProviderStatus> {
    await this.health.findAll([name]);
    await this.dataSource.transaction(async (manager) => {
      await this.overrides.holdUnlessOverridden(name, manager);
      const { status, responseTimeMs = null } = mark;
      await this.marks.add(manager, { provider: name, status, responseTimeMs });
      await this.audit.enlist(manager).logProviderEvent({
        action: 'provider.marked',
        outcome: 'success',
        reason: mark.reason,
        actor: { type: by.type, id: by.id },
        target: { type: 'provider', id: name },
        details: { status: mark.status },
        context: { ...request, sessionId: by.sessionId },
      });
    });
    const { provider, now } = await this.health.adopt(name);
    return toStatus(provider, now);
  }
}
