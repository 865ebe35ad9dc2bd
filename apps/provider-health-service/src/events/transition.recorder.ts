import { Injectable, Logger } from '@nestjs/common';
import { SecurityAudit } from '@gatehouse/audit-client';
import { Outbox } from '@gatehouse/outbox';
import type { StatusChange } from '@gatehouse/provider-health-contracts';
import { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { STATUS_CHANGED_TOPIC } from './status-changed.destination.js';
import type { Misconfiguration } from './transition-record.js';
import { TransitionRepository } from './transition.repository.js';

/** Writes a transition down: history, audit event and the event for other services, in one transaction, once. */
@Injectable()
export class TransitionRecorder {
  private readonly logger = new Logger(TransitionRecorder.name);

  constructor(
    private readonly dataSource: DataSource,
    private readonly transitions: TransitionRepository,
    private readonly audit: SecurityAudit,
    private readonly outbox: Outbox,
  ) {}

  /** Alerts: somebody has to mend what is set up. Once, as a transition. */
  async recordMisconfiguration({ provider, misconfigured, version, at }: Misconfiguration): Promise<void> {
    const isNew = await this.dataSource.transaction(async (manager) => {
      const found = await this.transitions.insertMisconfiguration(manager, provider, new Date(at));
      if (!found) return false;
      await this.audit.enlist(manager).logProviderEvent({
        action: 'provider.misconfigured',
        outcome: 'failure',
        reason: misconfigured,
        actor: { type: 'system', id: 'provider-health-service' },
        target: { type: 'provider', id: provider },
        details: { version },
        occurredAt: new Date(at),
      });
      return true;
    });
    if (isNew) this.logger.error({ provider, misconfigured }, 'A provider cannot be called as it is set up');
  }

  async record(change: StatusChange): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      const isNew = await this.transitions.insertOnce(manager, { ...change, at: new Date(change.at) });
      if (!isNew) return;
      await this.audit.enlist(manager).logProviderEvent({
        action: 'provider.status-changed',
        outcome: 'success',
        reason: change.reason,
        actor: { type: 'system', id: 'provider-health-service' },
        target: { type: 'provider', id: change.provider },
        details: { from: change.from, to: change.to, version: change.version },
        occurredAt: new Date(change.at),
      });
      await this.outbox.add(manager, {
        id: uuidv7(),
        topic: STATUS_CHANGED_TOPIC,
        payload: JSON.stringify(change),
      });
    });
  }
}
