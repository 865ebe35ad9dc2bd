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

  /** PostgreSQL keeps it and Redis is told before the commit: what one of them refuses does not hold. */
  async put(
    name: string,
    { status, reason, until }: OverrideBody,
    by: Principal,
    request: RequestContext,
  ): Promise<ProviderStatus> {
    await this.providers.get(name);
    const at = new Date();
    const end = until === undefined ? null : new Date(until);
    return this.dataSource.transaction(async (manager) => {
      const override = { provider: name, status, reason, by: by.id, at, until: end };
      await this.overrides.put(manager, override);
      await this.tell(manager, {
        action: 'provider.overridden',
        name,
        by,
        request,
        reason,
        details: { status, until },
      });
      const word = { status, reason, by: by.id, at: at.getTime() };
      const reading = await this.health.putOverride(
        name,
        end === null ? word : { ...word, until: end.getTime() },
      );
      if (!reading.done)
        throw new ValidationFailedError([{ path: 'until', message: 'must be in the future' }]);
      return toStatus(reading.provider, reading.now);
    });
  }

  /** Lifted again it changes nothing. */
  async lift(name: string, by: Principal, request: RequestContext): Promise<ProviderStatus> {
    await this.providers.get(name);
    return this.dataSource.transaction(async (manager) => {
      if (await this.overrides.remove(manager, name))
        await this.tell(manager, { action: 'provider.override-lifted', name, by, request });
      const reading = await this.health.liftOverride(name);
      return toStatus(reading.provider, reading.now);
    });
  }

  /** Ends those whose time has come; by whichever replica, and once. */
  async endOverdue(): Promise<void> {
    const names = await this.health.settleOverdue();
    if (names.length > 0) await this.overrides.removeEnded(names);
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
