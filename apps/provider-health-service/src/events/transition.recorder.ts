import { Injectable } from '@nestjs/common';
import { SecurityAudit } from '@gatehouse/audit-client';
import { Outbox } from '@gatehouse/outbox';
import type { StatusChange } from '@gatehouse/provider-health-contracts';
import { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { STATUS_CHANGED_TOPIC } from './status-changed.destination.js';
import { TransitionRepository } from './transition.repository.js';

/** Writes a transition down: history, audit event and the event for other services, in one transaction, once. */
@Injectable()
export class TransitionRecorder {
  constructor(
    private readonly dataSource: DataSource,
    private readonly transitions: TransitionRepository,
    private readonly audit: SecurityAudit,
    private readonly outbox: Outbox,
  ) {}

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
