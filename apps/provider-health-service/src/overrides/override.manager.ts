import { Injectable } from '@nestjs/common';
import { SecurityAudit } from '@gatehouse/audit-client';
import type { Principal } from '@gatehouse/auth-contracts';
import { ValidationFailedError } from '@gatehouse/problem-details';
import type { OverrideBody, ProviderStatus } from '@gatehouse/provider-health-contracts';
import type { RequestContext } from '@gatehouse/service-bootstrap';
import { DataSource } from 'typeorm';
import { HealthManager } from '../health-tracking/health.manager.js';
import { toStatus } from '../health-tracking/tracked-provider.js';
import { ProviderManager } from '../providers/provider.manager.js';
import { OverrideRepository } from './override.repository.js';

/** What an operator says a provider is, whatever its outcomes, until it is lifted or its time has come. */
@Injectable()
export class OverrideManager {
  constructor(
    private readonly dataSource: DataSource,
    private readonly overrides: OverrideRepository,
    private readonly health: HealthManager,
    private readonly providers: ProviderManager,
    private readonly audit: SecurityAudit,
  ) {}

  /**
   * PostgreSQL keeps it, with its audit event, and then Redis is told: whoever dies in between, it holds within seconds.
   * Nothing is changed while Redis is away.
   */
  async put(
    name: string,
    { status, reason, until }: OverrideBody,
    by: Principal,
    request: RequestContext,
  ): Promise<ProviderStatus> {
    await this.health.findAll([name]);
    const end = until === undefined ? null : new Date(until);
    await this.dataSource.transaction(async (manager) => {
      await this.providers.hold(manager, name);
      const at = await this.overrides.now(manager);
      if (end !== null && end <= at)
        throw new ValidationFailedError([{ path: 'until', message: 'must be in the future' }]);
      await this.overrides.put(manager, { provider: name, status, reason, by: by.id, at, until: end });
      const what = { action: 'provider.overridden', name, by, request, reason };
      await this.tell(manager, { ...what, details: { status, until } });
    });
    return this.adopt(name);
  }

  /** Lifted again it changes nothing. */
  async lift(name: string, by: Principal, request: RequestContext): Promise<ProviderStatus> {
    await this.health.findAll([name]);
    await this.dataSource.transaction(async (manager) => {
      await this.providers.hold(manager, name);
      if (await this.overrides.remove(manager, name))
        await this.tell(manager, { action: 'provider.override-lifted', name, by, request });
    });
    return this.adopt(name);
  }

  /** Ends those whose time has come, on Redis first: one that PostgreSQL still has ends again, to no effect. */
  async endOverdue(): Promise<void> {
    const names = await this.health.settleOverdue();
    if (names.length > 0) await this.overrides.removeEnded(names);
  }

  private async adopt(name: string): Promise<ProviderStatus> {
    const { provider, now } = await this.health.adopt(name);
    return toStatus(provider, now);
  }

  private async tell(
    manager: Parameters<SecurityAudit['enlist']>[0],
    of: {
      action: string;
      name: string;
      by: Principal;
      request: RequestContext;
      reason?: string;
      details?: object;
    },
  ): Promise<void> {
    await this.audit.enlist(manager).logProviderEvent({
      action: of.action,
      outcome: 'success',
      reason: of.reason,
      actor: { type: of.by.type, id: of.by.id },
      target: { type: 'provider', id: of.name },
      details: { ...of.details },
      context: { ...of.request, sessionId: of.by.sessionId },
    });
  }
}
