import { Injectable } from '@nestjs/common';
import { SecurityAudit } from '@gatehouse/audit-client';
import { Outbox } from '@gatehouse/outbox';
import type { StatusChange } from '@gatehouse/provider-health-contracts';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { STATUS_CHANGED_TOPIC } from './status-changed.destination.js';
import type { Misconfiguration } from './transition-record.js';

/** Tells the audit trail and other services of a transition, by the outbox. */
@Injectable()
export class TransitionAnnouncer {
  constructor(
    private readonly audit: SecurityAudit,
    private readonly outbox: Outbox,
  ) {}

  async announce(manager: EntityManager, change: StatusChange): Promise<void> {
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
  }

  /** The audit trail only. */
  async announceMisconfiguration(
    manager: EntityManager,
    { provider, misconfigured, version, at }: Misconfiguration,
  ): Promise<void> {
    await this.audit.enlist(manager).logProviderEvent({
      action: 'provider.misconfigured',
      outcome: 'failure',
      reason: misconfigured,
      actor: { type: 'system', id: 'provider-health-service' },
      target: { type: 'provider', id: provider },
      details: { version },
      occurredAt: new Date(at),
    });
  }
}
